import { createHash, randomBytes } from 'node:crypto';
import type { EnvironmentPermissions, VHost } from '../environment.js';

/** A gateway in somebody else's network, which connects to this server (`reference/federation.md` §5). */
export interface PlatformGateway extends PlatformGatewayContent {
  readonly id: string;
  readonly name: string;
  /** Where its APIs are called. */
  readonly url: string;
  /** Whether it is connected. */
  readonly isActive: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What may change about it. */
export interface PlatformGatewayContent {
  readonly displayName: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly permissions: EnvironmentPermissions;
}

export interface NewPlatformGateway extends PlatformGatewayContent {
  readonly name: string;
  readonly vhost: string;
}

export interface RegistrationToken {
  /** `<id>.<secret>`, shown once. */
  readonly token: string;
  readonly tokenId: string;
  readonly tokenHash: string;
}

const TOKEN_ID_BYTES = 12;
const SECRET_BYTES = 33;
/** Of a gateway whose host alone is given. */
const DEFAULT_PORT = 8443;
const DEFAULT_PORTS = { httpPort: 80, httpsPort: 443, wsPort: 9099, wssPort: 8099 };
const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

/** The token is random and longer than any search, so a fast hash is as good as a slow one. */
export const newRegistrationToken = (): RegistrationToken => {
  const tokenId = randomBytes(TOKEN_ID_BYTES).toString('base64url');
  const token = `${tokenId}.${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { token, tokenId, tokenHash: createHash('sha256').update(token).digest('hex') };
};

/** The address in one form: `https://host:8443` for a host alone, without a slash at its end. Undefined for what no API can be called at. */
export const addressOf = (text: string): string | undefined => {
  const trimmed = text.trim();
  const hasScheme = SCHEME.test(trimmed);
  const whole = hasScheme ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlain || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') return undefined;
  if (!hasScheme && !/:\d+(\/|$)/.test(trimmed)) url.port = String(DEFAULT_PORT);
  return url.href.replace(/\/+$/, '');
};

/** The virtual host at an address that {@link addressOf} made. */
export const vhostAt = (address: string): VHost => {
  const { protocol, hostname: host, port, pathname } = new URL(address);
  const own = port === '' ? {} : { [protocol === 'https:' ? 'httpsPort' : 'httpPort']: Number(port) };
  return { host, httpContext: pathname.replace(/\/$/, ''), ...DEFAULT_PORTS, ...own, wsHost: host, wssHost: host };
};

/** The version of the gateway's software that its properties name, in either place where clients write it. */
export const versionIn = ({ version, gatewayController }: Readonly<Record<string, unknown>>): unknown =>
  version ?? (isObject(gatewayController) ? gatewayController['version'] : undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
