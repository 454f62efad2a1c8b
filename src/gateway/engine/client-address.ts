import { BlockList, isIP } from 'node:net';
import type { Exchange } from './exchange.js';

/** Tells the address a request comes from. */
export type ClientAddress = (exchange: Pick<Exchange, 'request' | 'forwardedFor'>) => string;

const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.)/i;

/**
 * The first address of `X-Forwarded-For` when the connection comes from a trusted proxy, otherwise the connection's own
 * (`reference/gateway.md` §14). Throws an `Error` on an entry that is neither an address nor a network.
 */
export const clientAddress = (trustedProxies: readonly string[]): ClientAddress => {
  const trusted = new BlockList();
  for (const entry of trustedProxies) {
    const [address = '', prefix] = entry.split('/');
    const version = isIP(address);
    if (version === 0) throw new Error(`trusted proxy '${entry}' is neither an address nor a network`);
    const family = version === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  return ({ request, forwardedFor }) => {
    const own = (request.socket.remoteAddress ?? '').replace(IPV4_IN_IPV6, '');
    if (forwardedFor === null || trustedProxies.length === 0) return own;
    if (!trusted.check(own, isIP(own) === 6 ? 'ipv6' : 'ipv4')) return own;
    const first = forwardedFor.split(',', 1)[0]?.trim() ?? '';
    return isIP(first) === 0 ? own : first;
  };
};
