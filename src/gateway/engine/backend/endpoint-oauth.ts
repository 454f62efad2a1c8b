import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import type { OAuthSecurityDocument } from '../../../domain/gateway-documents.js';
import type { Exchange } from '../exchange.js';
import { headerOf, removeHeader, setHeader } from '../front/headers.js';
import type { LinkedEndpoint } from '../link.js';
import { type Refusal, TemporaryServerError } from '../refusal.js';
import type { EndpointSecurity, SecuritySettings } from './endpoint-security.js';

interface Token {
  readonly header: string;
  readonly refreshToken: string | undefined;
  /** Epoch milliseconds; a token without an end is used until the backend refuses it. */
  readonly usableUntil: number;
}

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES_MAX = 65_536;
/** After a failure the token endpoint is left alone for a moment, however many requests come. */
const PAUSE_MS = 1_000;
const MARGIN_MS = 5_000;
const MARGIN_PART = 10;

/** A token of the backend's authorization server, fetched when it is needed and kept until it ends (`reference/gateway.md` §9). */
export class OAuthSecurity implements EndpointSecurity {
  readonly mayRetry: boolean;
  readonly readsBody = false;
  private token: Token | null = null;
  private pending: Promise<Token | null> | null = null;
  private pausedUntil = 0;
  private readonly agent: Dispatcher;
  private readonly answerMs: number;
  private readonly connectMs: number;

  constructor(
    private readonly document: OAuthSecurityDocument,
    private readonly secrets: Readonly<Record<string, string>>,
    private readonly settings: SecuritySettings,
  ) {
    this.mayRetry = settings.retriesWithNewToken;
    this.connectMs = document.connectMs ?? TIMEOUT_MS;
    this.answerMs = document.answerMs ?? TIMEOUT_MS;
    const options = {
      connect: { timeout: this.connectMs },
      headersTimeout: this.answerMs,
      bodyTimeout: this.answerMs,
      maxResponseSize: ANSWER_BYTES_MAX,
      pipelining: 0,
    };
    const { proxy } = document;
    this.agent =
      proxy === undefined
        ? new Agent(options)
        : new ProxyAgent({ ...options, uri: proxy.url, ...proxyCredentials(proxy.username, secrets) });
  }

  apply(exchange: Exchange, _endpoint: LinkedEndpoint): undefined | Promise<undefined> {
    const { token } = this;
    if (token !== null && token.usableUntil > Date.now()) return put(exchange, token);
    return this.applyFetched(exchange);
  }

  retry(exchange: Exchange): Promise<Refusal | undefined> | null {
    if (!this.mayRetry) return null;
    const refused = headerOf(exchange.outbound, 'authorization');
    if (refused === null) return null;
    if (exchange.isReauthorized) return Promise.resolve(TemporaryServerError);
    exchange.isReauthorized = true;
    return this.replace(exchange, refused);
  }

  private async applyFetched(exchange: Exchange): Promise<undefined> {
    return put(exchange, await this.fetched());
  }

  private async replace(exchange: Exchange, refused: string): Promise<Refusal | undefined> {
    // Another request may have got a new one meanwhile.
    if (this.token?.header === refused) this.token = null;
    const token = this.token ?? (await this.fetched());
    return token === null ? TemporaryServerError : put(exchange, token);
  }

  /** A new token for all that wait for one; null when there is none to be had. */
  private fetched(): Promise<Token | null> {
    if (this.pending === null && Date.now() < this.pausedUntil) return Promise.resolve(null);
    this.pending ??= this.load().finally(() => {
      this.pending = null;
    });
    return this.pending;
  }

  private async load(): Promise<Token | null> {
    const refreshToken = this.token?.refreshToken;
    this.token = null;
    try {
      this.token = (await this.refreshed(refreshToken)) ?? (await this.ask(this.grant()));
    } catch (err) {
      this.pausedUntil = Date.now() + PAUSE_MS;
      this.failed('no token for a backend', err);
    }
    return this.token;
  }

  /** Null when there is nothing to refresh with, or it is not taken: then the grant is asked for anew. */
  private async refreshed(refreshToken: string | undefined): Promise<Token | null> {
    if (refreshToken === undefined) return null;
    try {
      return await this.ask({ grant_type: 'refresh_token', refresh_token: refreshToken });
    } catch (err) {
      this.failed('a refresh token was not taken, a new token is asked for', err);
      return null;
    }
  }

  private failed(message: string, err: unknown): void {
    this.settings.warn(message, { tokenUrl: this.document.tokenUrl, error: err instanceof Error ? err.message : String(err) });
  }

  private grant(): Record<string, string> {
    const { grant, username, parameters } = this.document;
    const secret: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.secrets))
      if (name.startsWith('parameter:')) secret[name.slice('parameter:'.length)] = value;
    const owner: Record<string, string> = grant === 'password' ? { username, password: this.secrets['password'] ?? '' } : {};
    return { ...parameters, ...secret, grant_type: grant, ...owner };
  }

  private async ask(form: Readonly<Record<string, string>>): Promise<Token> {
    const { tokenUrl, clientId } = this.document;
    const answer = await request(tokenUrl, {
      method: 'POST',
      dispatcher: this.agent,
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${this.secrets['clientSecret'] ?? ''}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams(form).toString(),
      signal: AbortSignal.timeout(this.connectMs + 2 * this.answerMs),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`the token endpoint answered ${answer.statusCode}`);
    return tokenOf(text);
  }
}

const proxyCredentials = (username: string, secrets: Readonly<Record<string, string>>): { readonly token?: string } =>
  username === '' ? {} : { token: `Basic ${Buffer.from(`${username}:${secrets['proxyPassword'] ?? ''}`).toString('base64')}` };

const put = (exchange: Exchange, token: Token | null): undefined => {
  if (token === null) removeHeader(exchange.outbound, 'authorization');
  else setHeader(exchange.outbound, 'Authorization', 'authorization', token.header);
};

/** @throws Error that quotes nothing of the answer. */
const tokenOf = (text: string): Token => {
  let answer: Record<string, unknown> | null;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error('the token endpoint did not answer with JSON');
  }
  const { access_token: access, refresh_token: refresh, expires_in: expiresIn } = answer ?? {};
  if (typeof access !== 'string' || !/^[\x21-\x7e]+$/.test(access)) throw new Error('the token endpoint answered without a token');
  const lifeMs = Number(expiresIn) * 1_000;
  return {
    header: `Bearer ${access}`,
    refreshToken: typeof refresh === 'string' && refresh !== '' ? refresh : undefined,
    usableUntil: lifeMs > 0 ? Date.now() + lifeMs - Math.min(MARGIN_MS, lifeMs / MARGIN_PART) : Number.POSITIVE_INFINITY,
  };
};
