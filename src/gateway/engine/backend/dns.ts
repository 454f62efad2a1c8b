import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

const TTL_MS = 30_000;
const NAMES_MAX = 1_000;

interface Entry {
  readonly addresses: readonly LookupAddress[];
  readonly until: number;
}

/**
 * Looks names up as the system does, but at most once in 30 s: the system's look-ups occupy the few helper threads that the whole process
 * shares. A failure is not remembered.
 */
export const cachedLookup = (): LookupFunction => {
  const known = new Map<string, Entry>();
  return (hostname, options, callback) => {
    const answer = (addresses: readonly LookupAddress[]): void => {
      const wanted = options.family === 4 || options.family === 6 ? addresses.filter(({ family }) => family === options.family) : addresses;
      const [first] = wanted;
      if (options.all) callback(null, [...wanted]);
      else if (first) callback(null, first.address, first.family);
      else callback(Object.assign(new Error(`no address for ${hostname}`), { code: 'ENOTFOUND' }), '', 0);
    };
    const entry = known.get(hostname);
    if (entry !== undefined && entry.until > Date.now()) {
      answer(entry.addresses);
      return;
    }
    lookup(hostname, { all: true }, (err, addresses) => {
      if (err) {
        callback(err, '', 0);
        return;
      }
      if (known.size >= NAMES_MAX) known.clear();
      known.set(hostname, { addresses, until: Date.now() + TTL_MS });
      answer(addresses);
    });
  };
};
