import { isIP } from 'node:net';
import type { KeyRestrictions } from '../domain/gateway-documents.js';
import { IpInvalid, RefererInvalid, RestrictionsTooLong } from './api-keys.problems.js';

/** Characters of either list; more than any header that is compared with it. */
const LIST_MAX = 4_096;
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/**
 * Reads `permittedIP` and `permittedReferer`, comma-separated lists, from the additional properties of a request; other properties mean nothing here.
 * @throws IpInvalid, RefererInvalid, RestrictionsTooLong (400).
 */
export const restrictionsOf = (properties: Readonly<Record<string, unknown>> | null | undefined): KeyRestrictions => {
  const ips = entriesOf('permittedIP', properties?.['permittedIP'], IpInvalid);
  const referers = entriesOf('permittedReferer', properties?.['permittedReferer'], RefererInvalid);
  const wrong = ips.find((entry) => !isAddressOrNetwork(entry));
  if (wrong !== undefined) throw IpInvalid(wrong);
  return { ips, referers };
};

const entriesOf = (name: string, value: unknown, refusal: (entry: string) => Error): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string') throw refusal(JSON.stringify(value).slice(0, 100));
  if (value.length > LIST_MAX) throw RestrictionsTooLong(name, LIST_MAX);
  return [
    ...new Set(
      value
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    ),
  ];
};

/** An IPv4 or IPv6 address, or such a network in CIDR notation. */
const isAddressOrNetwork = (entry: string): boolean => {
  const [address = '', prefix, ...rest] = entry.split('/');
  const bits = BITS[isIP(address)];
  // A zone (`fe80::1%eth0`) names an interface of ours, which no caller's address carries.
  if (bits === undefined || rest.length > 0 || address.includes('%')) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
};
