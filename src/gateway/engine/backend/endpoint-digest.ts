import { createHash, randomBytes } from 'node:crypto';
import type { Exchange } from '../exchange.js';
import { isHeader, removeHeader, setHeader } from '../front/headers.js';
import type { LinkedEndpoint } from '../link.js';
import type { Refusal } from '../refusal.js';
import { pathAt } from './backend-path.js';
import type { EndpointSecurity } from './endpoint-security.js';

interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the backend names it; undefined means MD5. */
  readonly algorithm: string | undefined;
  readonly hash: 'md5' | 'sha256';
  readonly isSession: boolean;
  readonly qop: 'auth' | 'auth-int' | undefined;
  count: number;
}

const CLIENT_NONCE_BYTES = 16;
const PARAMETER = /([a-z]+) *= *(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;
const HASHES: ReadonlyMap<string, Challenge['hash']> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
]);

/** HTTP Digest (RFC 7616). The first request to an origin gathers its challenge; those that follow answer it at once. */
export class DigestSecurity implements EndpointSecurity {
  readonly mayRetry = true;
  readonly readsBody = false;
  private readonly challenges = new Map<string, Challenge>();

  constructor(
    private readonly username: string,
    private readonly password: string,
  ) {}

  apply(exchange: Exchange, endpoint: LinkedEndpoint): undefined {
    const challenge = this.challenges.get(endpoint.origin);
    if (challenge === undefined) removeHeader(exchange.outbound, 'authorization');
    else setHeader(exchange.outbound, 'Authorization', 'authorization', this.answer(challenge, exchange, endpoint));
    return undefined;
  }

  retry(exchange: Exchange, endpoint: LinkedEndpoint, raw: readonly (Buffer | string)[]): Promise<Refusal | undefined> | null {
    const challenge = exchange.isReauthorized ? undefined : challengeOf(raw);
    if (challenge === undefined) return null;
    exchange.isReauthorized = true;
    this.challenges.set(endpoint.origin, challenge);
    return Promise.resolve(this.apply(exchange, endpoint));
  }

  private answer(challenge: Challenge, exchange: Exchange, endpoint: LinkedEndpoint): string {
    const { realm, nonce, opaque, algorithm, qop } = challenge;
    const digest = (...parts: readonly string[]): string => createHash(challenge.hash).update(parts.join(':')).digest('hex');
    challenge.count += 1;
    const nc = challenge.count.toString(16).padStart(8, '0');
    const cnonce = randomBytes(CLIENT_NONCE_BYTES).toString('hex');
    const uri = pathAt(endpoint, exchange.rest, exchange.variables);
    const user = digest(this.username, realm, this.password);
    const secret = challenge.isSession ? digest(user, nonce, cnonce) : user;
    const method = exchange.request.method ?? 'GET';
    const body = createHash(challenge.hash)
      .update(exchange.body ?? '')
      .digest('hex');
    const request = qop === 'auth-int' ? digest(method, uri, body) : digest(method, uri);
    const response = qop === undefined ? digest(secret, nonce, request) : digest(secret, nonce, nc, cnonce, qop, request);
    return [
      `Digest username="${quoted(this.username)}", realm="${quoted(realm)}", nonce="${quoted(nonce)}", uri="${uri}", response="${response}"`,
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(opaque === undefined ? [] : [`opaque="${quoted(opaque)}"`]),
      ...(qop === undefined ? [] : [`qop=${qop}, nc=${nc}`]),
      ...(qop === undefined && !challenge.isSession ? [] : [`cnonce="${cnonce}"`]),
    ].join(', ');
  }
}

const quoted = (text: string): string => text.replace(/[\\"]/g, '\\$&');

/** The first digest challenge that can be answered. */
const challengeOf = (raw: readonly (Buffer | string)[]): Challenge | undefined => {
  for (let i = 0; i < raw.length; i += 2) {
    if (!isHeader(String(raw[i]), 'www-authenticate')) continue;
    const [, parameters] = /(?:^|, *)digest +(.*)$/i.exec(String(raw[i + 1])) ?? [];
    const challenge = parameters === undefined ? undefined : read(parameters);
    if (challenge !== undefined) return challenge;
  }
  return undefined;
};

const read = (parameters: string): Challenge | undefined => {
  const values = new Map<string, string>();
  for (const [, name = '', inQuotes, plain = ''] of parameters.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    // The next challenge in the same header begins again.
    if (!values.has(key)) values.set(key, inQuotes === undefined ? plain : inQuotes.replace(/\\(.)/g, '$1'));
  }
  const algorithm = values.get('algorithm');
  const hash = HASHES.get((algorithm ?? 'md5').toLowerCase().replace(/-sess$/, ''));
  const nonce = values.get('nonce');
  if (hash === undefined || nonce === undefined) return undefined;
  const offered = values
    .get('qop')
    ?.toLowerCase()
    .split(',')
    .map((word) => word.trim());
  return {
    realm: values.get('realm') ?? '',
    nonce,
    opaque: values.get('opaque'),
    algorithm,
    hash,
    isSession: algorithm?.toLowerCase().endsWith('-sess') ?? false,
    qop: offered === undefined ? undefined : offered.includes('auth') || !offered.includes('auth-int') ? 'auth' : 'auth-int',
    count: 0,
  };
};
