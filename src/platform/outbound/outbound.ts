import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Agent, buildConnector, interceptors, request } from 'undici';
import { ApimConfig } from '../config/sections/apim.config.js';

export interface Fetched {
  readonly status: number;
  readonly mediaType: string;
  readonly body: Buffer;
}

/** Why an address was not fetched; the text is fit for the caller. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
}

/** The answer had more bytes than the caller allows. */
export class OutboundTooLarge extends OutboundError {}

const REDIRECTS_MAX = 3;

/** Link-local and cloud metadata addresses: nobody's definition lives there. */
const REFUSED = new BlockList();
REFUSED.addSubnet('169.254.0.0', 16, 'ipv4');
REFUSED.addSubnet('0.0.0.0', 8, 'ipv4');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
REFUSED.addAddress('fd00:ec2::254', 'ipv6');
REFUSED.addAddress('100.100.100.200', 'ipv4');

/** Requests the server makes on behalf of its users: size, time and redirects are bounded, some networks refused. */
@Injectable()
export class Outbound {
  private readonly agent: Agent;

  constructor(private readonly config: ApimConfig) {
    const allowed = new Set(config.outbound.allowedHosts);
    const connect = buildConnector({
      lookup: (host, options, done) =>
        lookup(host, { ...options, all: true }, (err, addresses) => {
          if (err) return done(err, '', 0);
          const refused = allowed.has(host) ? undefined : addresses.find(({ address, family }) => isRefused(address, family));
          if (refused) return done(new OutboundError(refusedNetwork(host)), '', 0);
          if (options.all) return (done as unknown as (err: null, all: typeof addresses) => void)(null, addresses); // undici asks for all
          const [first] = addresses;
          return done(null, first?.address ?? '', first?.family ?? 0);
        }),
    });
    this.agent = new Agent({
      // A literal address is never looked up, and a redirect may lead to one: it is checked here.
      connect: (options, done) => {
        const host = options.hostname.replace(/^\[|\]$/g, '');
        const family = isIP(host);
        if (family !== 0 && isRefused(host, family) && !allowed.has(host)) return done(new OutboundError(refusedNetwork(host)), null);
        return connect(options, done);
      },
    });
  }

  /** GETs an http(s) address. @throws OutboundError saying what went wrong. */
  async get(address: string, bytesMax: number, headers: Readonly<Record<string, string>> = {}): Promise<Fetched> {
    return this.guarded(address, async (url) => {
      const { statusCode, headers: received, body } = await this.send('GET', url, headers);
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
      const { statusCode, body } = await this.send('HEAD', url, {});
      await body.dump();
      return statusCode;
    });
  }

  private send(method: 'GET' | 'HEAD', url: URL, headers: Readonly<Record<string, string>>): ReturnType<typeof request> {
    return request(url, {
      method,
      dispatcher: this.agent.compose(interceptors.redirect({ maxRedirections: REDIRECTS_MAX })),
      headers,
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

const refusedNetwork = (host: string) => `${host} is on a network that is not fetched from`;

const isRefused = (address: string, family: number): boolean => REFUSED.check(address, family === 6 ? 'ipv6' : 'ipv4');
