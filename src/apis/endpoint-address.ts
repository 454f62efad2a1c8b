import type { EndpointConfig } from '../domain/api.js';
import { isObject } from './definitions/json-document.js';

const PROTOCOLS: readonly string[] = ['http:', 'https:'];
const SOCKET_PROTOCOLS: readonly string[] = ['ws:', 'wss:'];
const SOCKET_TYPES: readonly string[] = ['ws', 'wss'];

/** An address with `{uri.var.x}` and `${NAME}`, which are filled in later, replaced by something that any part of an address may be. */
const filled = (url: string): string => url.trim().replace(/\$?\{[^{}]*\}/g, '1');

/** Whether an endpoint of the type may lead there: an absolute address of the protocols that the type speaks. */
export const isAddress = (url: string, type: string): boolean => {
  const text = filled(url);
  const parsed = /\s/.test(text) ? null : URL.parse(text);
  return parsed !== null && (SOCKET_TYPES.includes(type) ? SOCKET_PROTOCOLS : PROTOCOLS).includes(parsed.protocol);
};

export const ENDPOINT_KINDS = ['production', 'sandbox'] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** The keys under which a configuration has the endpoints of a kind. */
export const endpointKeys = (kind: EndpointKind): readonly string[] => [`${kind}_endpoints`, `${kind}_failovers`];

/** The endpoints under a key, be it one or a list of them. */
export const entriesOf = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
};

/** All addresses of a configuration. */
export const addressesOf = (config: EndpointConfig): readonly string[] =>
  ENDPOINT_KINDS.flatMap(endpointKeys)
    .flatMap((key) => entriesOf(config[key]))
    .flatMap((entry) => (isObject(entry) && typeof entry['url'] === 'string' ? entry['url'] : []));

/** What tells servers apart: `host:port`, both from a full address; `host` alone where neither a protocol nor a port is given. */
export const serverOf = (address: string): string => {
  const text = address.trim().toLowerCase();
  const [, scheme, authority = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)/.exec(text) ?? [];
  const host = authority.replace(/^.*@/, '');
  if (scheme === undefined || /:\d+$/.test(host)) return host;
  return `${host}:${scheme === 'https' || scheme === 'wss' ? 443 : 80}`;
};

/** The servers of addresses, each also as its host alone: what a certificate may name to be meant for one of them. */
export const serversOf = (addresses: readonly string[]): readonly string[] => [
  ...new Set(addresses.map(serverOf).flatMap((server) => [server, server.replace(/:\d+$/, '')])),
];
