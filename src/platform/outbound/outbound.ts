import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Agent, buildConnector, type Dispatcher, interceptors, ProxyAgent, request } from 'undici';
import { isProxied } from '../../domain/proxied-hosts.js';
import { REFUSED_NETWORKS } from '../../domain/refused-networks.js';
import { ApimConfig } from '../config/sections/apim.config.js';
import { proxySettings } from '../config/sections/proxy.config.js';
import { type OutboundSpan, outboundSpan } from '../tracing/outbound-span.js';

export interface Fetched {
  readonly status: number;
  readonly mediaType: string;
  readonly body: Buffer;
}

export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as multipart/form-data; parameters as application/x-www-form-urlencoded. */
  readonly form?: FormData | URLSearchParams;
  /** Sent as application/json. */
  readonly json?: object;
}

/** Why an address was not fetched; the text is fit for the caller. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
}

/** The answer had more bytes than the caller allows. */
export class OutboundTooLarge extends OutboundError {}

const REDIRECTS_MAX = 3;

/** Nobody's definition lives there. */
const REFUSED = new BlockList();
for (const { address, bits, family } of REFUSED_NETWORKS) REFUSED.addSubnet(address, bits, family);

/** Headers that say nothing about who asks. */
const FOR_EVERYBODY: readonly string[] = ['accept', 'user-agent'];

/** Requests the server makes on behalf of its users: size, time and redirects are bounded, some networks refused. */
@Injectable()
export class Outbound {
  private readonly agent: Dispatcher;

  constructor(private readonly config: ApimConfig) {
    const refuses = refusalOf(config.outbound);
    const connect = buildConnector({
      lookup: (host, options, done) =>
        lookup(host, { ...options, all: true }, (err, addresses) => {
          if (err) return done(err, '', 0);
          if (addresses.some(({ address }) => refuses(host, address))) return done(new OutboundError(refusedNetwork(host)), '', 0);
          if (options.all) return (done as unknown as (err: null, all: typeof addresses) => void)(null, addresses); // undici asks for all
          const [first] = addresses;
          return done(null, first?.address ?? '', first?.family ?? 0);
        }),
    });
    const direct = new Agent({
      // A literal address is never looked up, and a redirect may lead to one: it is checked here.
      connect: (options, done) => {
        const host = options.hostname.replace(/^\[|\]$/g, '');
        if (isIP(host) !== 0 && refuses(host, host)) return done(new OutboundError(refusedNetwork(host)), null);
        return connect(options, done);
      },
    });
    const proxied = throughProxy(config.proxyConfig, refuses);
    this.agent = proxied === null ? direct : direct.compose(proxied);
  }

  /** GETs an http(s) address. @throws OutboundError saying what went wrong. */
  async get(address: string, bytesMax: number, headers: Readonly<Record<string, string>> = {}): Promise<Fetched> {
    return this.fetch(address, { method: 'GET', headers }, bytesMax, false);
  }

  /**
   * Sends a request to an http(s) address of a system that this server works with, which may continue the trace of the work at hand; redirects are followed
   * for GET alone. @throws OutboundError saying what went wrong.
   */
  async send(address: string, sent: OutboundRequest, bytesMax: number): Promise<Fetched> {
    return this.fetch(address, sent, bytesMax, true);
  }

  private async fetch(
    address: string,
    { method, headers, form, json }: OutboundRequest,
    bytesMax: number,
    continuesTrace: boolean,
  ): Promise<Fetched> {
    // Read as a whole: what is sent is in memory already, and its length is known then.
    const content = json ? Response.json(json) : form && new Response(form);
    const sent = content && { bytes: Buffer.from(await content.arrayBuffer()), type: content.headers.get('content-type') ?? '' };
    return this.guarded(address, async (url) => {
      const span = outboundSpan(method, url);
      const all = { ...headers, ...(sent && { 'content-type': sent.type }), ...(continuesTrace && span.headers) };
      const { statusCode, headers: received, body } = await ended(span, this.request(method, url, all, sent?.bytes));
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body) {
        size += chunk.length;
        if (size > bytesMax) throw new OutboundTooLarge(`${address} is larger than ${bytesMax} bytes`);
        chunks.push(chunk);
      }
      return { status: statusCode, mediaType: String(received['content-type'] ?? ''), body: Buffer.concat(chunks) };
    });
  }

  /** The status an http(s) address answers HEAD with, redirects followed. @throws OutboundError as {@link get}. */
  async head(address: string): Promise<number> {
    return this.guarded(address, async (url) => {
      const { statusCode, body } = await ended(outboundSpan('HEAD', url), this.request('HEAD', url, {}));
      await body.dump();
      return statusCode;
    });
  }

  private request(
    method: OutboundRequest['method'] | 'HEAD',
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Buffer | null = null,
  ): ReturnType<typeof request> {
    const maxRedirections = method === 'GET' || method === 'HEAD' ? REDIRECTS_MAX : 0;
    // What is meant for one host, keys above all, is not for the one it sends us to.
    const stripHeadersOnCrossOriginRedirect = Object.keys(headers).filter((name) => !FOR_EVERYBODY.includes(name.toLowerCase()));
    return request(url, {
      method,
      dispatcher: this.agent.compose(interceptors.redirect({ maxRedirections, stripHeadersOnCrossOriginRedirect })),
      headers,
      body,
      headersTimeout: this.config.outbound.timeoutMs,
      bodyTimeout: this.config.outbound.timeoutMs,
      signal: AbortSignal.timeout(this.config.outbound.timeoutMs),
    });
  }

  /** Runs a request to an address that may be asked, and words its failure. */
  private async guarded<T>(address: string, run: (url: URL) => Promise<T>): Promise<T> {
    const url = this.allowed(address);
    try {
      return await run(url);
    } catch (err) {
      if (err instanceof OutboundError) throw err;
      const cause = err instanceof Error ? (err.cause instanceof OutboundError ? err.cause : err) : new Error(String(err));
      throw new OutboundError(cause instanceof OutboundError ? cause.message : `${address} could not be fetched: ${cause.message}`, {
        cause: err,
      });
    }
  }

  private allowed(address: string): URL {
    if (!URL.canParse(address)) throw new OutboundError(`${address} is no URL`);
    const url = new URL(address);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new OutboundError(`${address} is neither http nor https`);
    return url;
  }
}

/** Ends the span when the head of the answer is there, or the request has failed. */
const ended = async (span: OutboundSpan, answer: ReturnType<typeof request>): ReturnType<typeof request> => {
  let status: number | undefined;
  try {
    const received = await answer;
    status = received.statusCode;
    return received;
  } finally {
    span.end(status);
  }
};

/** Sends requests to the proxy where there is one for their host; what this server knows to be on a refused network is refused here already. */
const throughProxy = (
  config: ApimConfig['proxyConfig'],
  refuses: (host: string, address: string) => boolean,
): Dispatcher.DispatcherComposeInterceptor | null => {
  const settings = proxySettings(config);
  if (settings === null) return null;
  const { protocol, host, port, username, password } = settings;
  const token = username === '' ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const proxy = new ProxyAgent({ uri: `${protocol}://${host}:${port}`, proxyTunnel: false, ...(token !== undefined && { token }) });
  return (dispatch) => (options, handler) => {
    const { hostname } = new URL(String(options.origin));
    if (!isProxied(settings, hostname)) return dispatch(options, handler);
    const name = hostname.replace(/^\[|\]$/g, '');
    // A name that only the proxy knows is left to it.
    lookup(name, { all: true }, (err, addresses) => {
      if (!err && addresses.some(({ address }) => refuses(name, address))) {
        // Nothing was begun that could be controlled.
        handler.onResponseError?.(null as unknown as Dispatcher.DispatchController, new OutboundError(refusedNetwork(name)));
      } else proxy.dispatch(options, handler);
    });
    return true;
  };
};

const refusedNetwork = (host: string) => `${host} is on a network that is not fetched from`;

/** Whether an address that a host has may not be fetched from. */
const refusalOf = ({ refusedNetworks, allowedHosts }: ApimConfig['outbound']): ((host: string, address: string) => boolean) => {
  const configured = new BlockList();
  for (const network of refusedNetworks) {
    const [address = '', bits = ''] = network.split('/');
    configured.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  const allowed = new Set(allowedHosts);
  return (host, address) => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    return REFUSED.check(address, family) || (configured.check(address, family) && !allowed.has(host));
  };
};
