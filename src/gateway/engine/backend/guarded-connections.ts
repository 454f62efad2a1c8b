import { BlockList, isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { REFUSED_NETWORKS } from '../../../domain/refused-networks.js';

const REFUSED = new BlockList();
for (const { address, bits, family } of REFUSED_NETWORKS) REFUSED.addSubnet(address, bits, family);

const isRefused = (address: string): boolean => REFUSED.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether an origin names a refused address itself. */
export const isRefusedOrigin = (origin: string): boolean => {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && isRefused(host);
};

/** Told as a host that cannot be reached, which is what it is to policies. */
const unreachable = (host: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${host} is on a network that policies do not reach`), { code: 'EHOSTUNREACH' });

/** A look-up that finds no host with an address on a refused network. */
export const guarded =
  (lookup: LookupFunction): LookupFunction =>
  (host, options, done) =>
    lookup(host, { ...options, all: true }, (err, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const failure = err ?? (addresses.some(({ address }) => isRefused(address)) ? unreachable(host) : null);
      const [first] = addresses;
      if (failure !== null) done(failure, '', 0);
      else if (options.all) done(null, addresses);
      else done(null, first?.address ?? '', first?.family ?? 0);
    });

/** Connects to anything but a refused network; a literal address is never looked up and is checked here. */
export const guardedConnector = (options: buildConnector.BuildOptions): buildConnector.connector => {
  const connect = buildConnector(options);
  return (target, done) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && isRefused(host)) done(unreachable(host), null);
    else connect(target, done);
  };
};

/**
 * Connects to a proxy on behalf of a host, unless that is known here to be on a refused network: the proxy looks names up by itself, and would lead there. A
 * name that only the proxy knows is left to it.
 */
export const screened =
  (origin: string, lookup: LookupFunction, connect: buildConnector.connector): buildConnector.connector =>
  (target, done) => {
    const host = new URL(origin).hostname.replace(/^\[|\]$/g, '');
    lookup(host, { all: true }, (err, found) => {
      const addresses = err === null && Array.isArray(found) ? found : [];
      if (addresses.some(({ address }) => isRefused(address))) done(unreachable(host), null);
      else connect(target, done);
    });
  };
