/** A network, by its first address and the number of bits that its addresses share. */
export interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Link-local and cloud metadata addresses: nothing that users name may be asked for there, wherever the name comes from. */
export const REFUSED_NETWORKS: readonly Network[] = [
  { address: '169.254.0.0', bits: 16, family: 'ipv4' },
  { address: '0.0.0.0', bits: 8, family: 'ipv4' },
  { address: 'fe80::', bits: 10, family: 'ipv6' },
  { address: 'fd00:ec2::254', bits: 128, family: 'ipv6' },
  { address: '100.100.100.200', bits: 32, family: 'ipv4' },
  // The same as the first, behind a NAT64 gateway.
  { address: '64:ff9b::a9fe:0', bits: 112, family: 'ipv6' },
];
