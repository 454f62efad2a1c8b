import type { VHost } from '../../environments/environment.js';

/** Addresses by transport; null where there is none. */
export interface TransportUrls {
  readonly http: string | null;
  readonly https: string | null;
  readonly ws: string | null;
  readonly wss: string | null;
}

export const NO_URLS: TransportUrls = { http: null, https: null, ws: null, wss: null };

const DEFAULT_PORTS: Readonly<Record<keyof TransportUrls, number>> = { http: 80, https: 443, ws: 80, wss: 443 };
const STREAMING_TYPES: readonly string[] = ['WS'];

/** Where callers reach an API on a virtual host: on http and https as far as its transports allow, or on ws and wss when it is a WebSocket API. */
export const gatewayUrls = (
  vhost: VHost,
  api: { readonly type: string; readonly transports: readonly string[] },
  path: string,
): TransportUrls => {
  if (STREAMING_TYPES.includes(api.type)) {
    return { ...NO_URLS, ws: url('ws', vhost.wsHost, vhost.wsPort, path), wss: url('wss', vhost.wssHost, vhost.wssPort, path) };
  }
  const below = `${contextOf(vhost)}${path}`;
  const on = (transport: 'http' | 'https', port: number | undefined) =>
    api.transports.includes(transport) ? url(transport, vhost.host, port, below) : null;
  return { ...NO_URLS, http: on('http', vhost.httpPort), https: on('https', vhost.httpsPort) };
};

const url = (scheme: keyof TransportUrls, host: string, port: number | undefined, path: string): string =>
  `${scheme}://${host}${port === undefined || port === DEFAULT_PORTS[scheme] ? '' : `:${port}`}${path}`;

/** An administrator may write it with or without slashes. */
const contextOf = ({ httpContext }: VHost): string => {
  const context = httpContext.replace(/^\/+|\/+$/g, '');
  return context === '' ? '' : `/${context}`;
};
