import { createHash, randomBytes } from 'node:crypto';

/**
 * The tokens that came of one login, by refreshing, are a family: its name is the first four groups of their ids, which have the form of UUIDs. So one
 * revocation kills them all, at the gateways too, though none of them is stored (RFC 9700 §4.14).
 */
const JTI = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FAMILY_LENGTH = 23;
const FAMILY_BYTES = 10;
const MEMBER_BYTES = 6;

export const newFamily = (): string => {
  const hex = randomBytes(FAMILY_BYTES).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16)}`;
};

export const newMember = (family: string): string => `${family}-${randomBytes(MEMBER_BYTES).toString('hex')}`;

/** The family of a token by its id; empty for ids of another form, which are nobody's relatives. */
export const familyOf = (jti: string): string => (JTI.test(jti) ? jti.slice(0, FAMILY_LENGTH) : '');

/**
 * The id of the access token that came with a refresh token. It follows from the refresh token's, so that revoking that one can name this one,
 * though neither is stored.
 */
export const pairedJti = (refreshJti: string): string => {
  const hex = createHash('sha256').update(`access:${refreshJti}`).digest('hex');
  const family = familyOf(refreshJti) || [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)].join('-');
  return `${family}-${hex.slice(20, 32)}`;
};
