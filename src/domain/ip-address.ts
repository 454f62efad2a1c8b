const IPV4_IN_IPV6 = '00000000000000000000ffff';
const GROUPS = 8;

const hexadecimal = (value: string, radix: number, digits: number): string =>
  Number.parseInt(value, radix).toString(16).padStart(digits, '0');

const ofIpv4 = (address: string): string => {
  let key = '';
  for (const part of address.split('.')) key += hexadecimal(part, 10, 2);
  return key;
};

const ofIpv6 = (address: string): string => {
  const colon = address.lastIndexOf(':');
  const isMixed = address.includes('.', colon);
  const [before = '', after] = (isMixed ? address.slice(0, colon + 1) : address).split('::');
  const groupsOf = (text: string | undefined): string =>
    (text ?? '')
      .split(':')
      .map((group) => (group === '' ? '' : hexadecimal(group, 16, 4)))
      .join('');
  const tail = groupsOf(after) + (isMixed ? ofIpv4(address.slice(colon + 1)) : '');
  return after === undefined ? groupsOf(before) + tail : groupsOf(before).padEnd(GROUPS * 4 - tail.length, '0') + tail;
};

/**
 * What an address is compared by, for a text that `isIP` of `node:net` takes: two texts of one address have one key, and keys of a family are in the
 * order of its addresses, those of IPv4 before all of IPv6. An IPv4 address within IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. A zone does not count.
 */
export const addressKey = (address: string): string => {
  if (!address.includes(':')) return `4${ofIpv4(address)}`;
  const key = ofIpv6(address.split('%', 1)[0] ?? '');
  return key.startsWith(IPV4_IN_IPV6) ? `4${key.slice(IPV4_IN_IPV6.length)}` : `6${key}`;
};

/** Whether two keys are of addresses of one family. */
export const isSameFamily = (key: string, other: string): boolean => key[0] === other[0];
