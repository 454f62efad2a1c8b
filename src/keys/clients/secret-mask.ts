const SHOWN_LENGTH = 3;
const MASKED_LENGTH = 16;

/** The first three characters and stars up to sixteen; nothing but stars where only its hash is kept (`reference/key-manager.md` §8). */
export const masked = (secret: string | null): string => (secret ?? '').slice(0, SHOWN_LENGTH).padEnd(MASKED_LENGTH, '*');

/** How a secret is written: plain in the answer that makes it, and where a client has only one; masked otherwise. */
export type SecretForm = 'plain' | 'masked';

export const shownSecret = (secret: string | null, form: SecretForm): string =>
  form === 'plain' && secret !== null ? secret : masked(secret);

/** Epoch seconds, 0 for never. */
export const expirySeconds = (expiresAt: Date | null): number => (expiresAt === null ? 0 : Math.floor(expiresAt.getTime() / 1000));
