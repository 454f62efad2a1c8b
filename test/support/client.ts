import { gunzipSync } from 'node:zlib';
import { Agent, FormData, request } from 'undici';
import { observe } from './judge.js';
import { server } from './server.js';

/** An answer with its JSON body parsed; text stays text, and an empty body is undefined. */
export interface Answer<T = Body> {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
}

/** A JSON object about whose properties the caller knows more than the type says. */
export type Body = Readonly<Record<string, unknown>>;

export type Credential =
  | { readonly bearer: string }
  | { readonly basic: { readonly username: string; readonly password: string } }
  | { readonly none: true };

/** A field of a multipart form: text, or a file. */
export type FormField = string | { readonly file: string | Uint8Array; readonly name: string; readonly type?: string };

export interface RequestOptions {
  /** Values for `{placeholders}` of the path. */
  readonly path?: Readonly<Record<string, string>>;
  /** Undefined values are left out; lists are repeated. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as multipart/form-data. */
  readonly form?: Readonly<Record<string, FormField | undefined>>;
  /** Sent as application/x-www-form-urlencoded. */
  readonly urlencoded?: Readonly<Record<string, string>>;
  /** Sent as it is; give `headers['content-type']` with it. */
  readonly raw?: string | Uint8Array;
  /** In place of the client's own credential. */
  readonly as?: Credential;
}

// The server makes its own certificate.
const agent = new Agent({ connect: { rejectUnauthorized: false }, bodyTimeout: 120_000, headersTimeout: 120_000 });

// A request that a test left behind would otherwise fail minutes later, in the middle of another file's tests.
afterAll(() => agent.destroy());

export const NOBODY: Credential = { none: true };

/** Talks to one API: `await devportal.request('GET /apis/{apiId}', { path: { apiId } })`. Every answer is checked against its contract. */
export class Client {
  constructor(
    /** Base path below the management address, such as `/api/am/publisher/v4`. */
    readonly base: string,
    private readonly credential: () => Credential | Promise<Credential>,
    private readonly origin = server.management,
  ) {}

  /** Sends `METHOD /path`; never throws for a status. */
  request<T = Body>(operation: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const answer = this.send<T>(operation, options);
    // Whoever awaits the answer sees the failure; one that nobody awaits any more must not end the process.
    answer.catch(() => undefined);
    return answer;
  }

  private async send<T>(operation: string, options: RequestOptions): Promise<Answer<T>> {
    const [method = '', template = ''] = operation.split(' ');
    const url = new URL(this.origin + this.base + filled(template, options.path ?? {}));
    for (const [name, value] of Object.entries(options.query ?? {})) {
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) url.searchParams.append(name, String(one));
    }
    const content = contentOf(options);
    const response = await request(url, {
      method: method as 'GET', // any method name works; the type lists a few
      dispatcher: agent,
      headers: { ...authorization(options.as ?? (await this.credential())), ...content.headers, ...options.headers },
      body: content.body,
    });
    const sent = Buffer.from(await response.body.arrayBuffer());
    const bytes = response.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]));
    const mediaType = headers['content-type'] ?? '';
    const body = parsed(bytes, mediaType);
    if (this.origin === server.management) observe({ method, path: url.pathname, status: response.statusCode, mediaType, body });
    return { status: response.statusCode, headers, body: body as T }; // the contract check vouches for the shape
  }

  /** The same API with another credential. */
  as(credential: Credential): Client {
    return new Client(this.base, () => credential, this.origin);
  }
}

const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for {${name}} of ${template}`);
    return encodeURIComponent(value);
  });

const authorization = (credential: Credential): Record<string, string> => {
  if ('bearer' in credential) return { authorization: `Bearer ${credential.bearer}` };
  if ('none' in credential) return {};
  const { username, password } = credential.basic;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
};

interface Content {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | FormData | null;
}

const contentOf = (options: RequestOptions): Content => {
  if (options.raw !== undefined) return { headers: {}, body: options.raw };
  if (options.form) return { headers: {}, body: formOf(options.form) };
  if (options.urlencoded) {
    return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(options.urlencoded).toString() };
  }
  if (options.body === undefined) return { headers: {}, body: null };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(options.body) };
};

const formOf = (fields: Readonly<Record<string, FormField | undefined>>): FormData => {
  const form = new FormData();
  for (const [name, field] of Object.entries(fields)) {
    if (field === undefined) continue;
    if (typeof field === 'string') form.append(name, field);
    else form.append(name, new Blob([Buffer.from(field.file)], { type: field.type ?? 'application/octet-stream' }), field.name);
  }
  return form;
};

const parsed = (bytes: Buffer, mediaType: string): unknown => {
  if (bytes.length === 0) return undefined;
  if (/\bjson\b/.test(mediaType)) return JSON.parse(bytes.toString());
  return /text|xml|yaml|javascript|urlencoded/.test(mediaType) ? bytes.toString() : bytes;
};

/** Any URL of the server outside the REST APIs, such as `/oauth2/token` or `/readyz`. */
export const management = new Client('', () => NOBODY);
