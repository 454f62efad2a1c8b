import { BlockList, isIP } from 'node:net';
import type { Exchange } from '../exchange.js';

/** Tells the address a request comes from. */
export type ClientAddress = (exchange: Pick<Exchange, 'request' | 'forwardedFor'>) => string;

const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.)/i;
/** `192.0.2.1:443`, `[2001:db8::1]` or `[2001:db8::1]:443`: some proxies add the port. */
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+):\d+|\[([^\]]+)\](?::\d+)?)$/;

/** An address as it is compared: without a port, and an IPv4 one as itself. */
const plain = (address: string): string => {
  const [, ipv4, ipv6] = WITH_PORT.exec(address) ?? [];
  return (ipv4 ?? ipv6 ?? address).replace(IPV4_IN_IPV6, '');
};

/**
 * The first address of `X-Forwarded-For` when the connection comes from a trusted proxy, otherwise the connection's own
 * (`reference/gateway.md` §14). Throws an `Error` on an entry that is neither an address nor a network.
 */
export const clientAddress = (trustedProxies: readonly string[]): ClientAddress => {
  const isTrusted = addressList(trustedProxies);
  return ({ request, forwardedFor }) => {
    const own = (request.socket.remoteAddress ?? '').replace(IPV4_IN_IPV6, '');
    if (forwardedFor === null || trustedProxies.length === 0) return own;
    if (!isTrusted(own)) return own;
    const first = plain(forwardedFor.split(',', 1)[0]?.trim() ?? '');
    return isIP(first) === 0 ? own : first;
  };
};

/** Whether an address is one of the proxies that are trusted. Throws an `Error` on an entry that is neither an address nor a network. */
export const addressList = (trustedProxies: readonly string[]): ((address: string) => boolean) => {
  const trusted = new BlockList();
  for (const entry of trustedProxies) {
    const [address = '', prefix] = entry.split('/');
    const version = isIP(address);
    if (version === 0) throw new Error(`trusted proxy '${entry}' is neither an address nor a network`);
    const family = version === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  return (sent) => {
    const address = sent.replace(IPV4_IN_IPV6, '');
    const version = isIP(address);
    return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
  };
};
