import { argon2, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const argon2Tag = promisify(argon2);
const pbkdf2Tag = promisify(pbkdf2);

/** OWASP's argon2id profile with 19 MiB and two passes. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const TAG_BYTES = 32;
const SALT_BYTES = 16;

/** A way to hash passwords; its name stands in front of every hash: `$argon2id$…`. */
export interface PasswordHash {
  readonly name: string;
  hash(password: string): Promise<string>;
  /** Whether the password is the one that was hashed. */
  matches(password: string, stored: string): Promise<boolean>;
}

const equal = (tag: Buffer, expected: string): boolean => {
  const bytes = Buffer.from(expected, 'base64url');
  return bytes.length === tag.length && timingSafeEqual(tag, bytes);
};

const optionsIn = (text: string): Readonly<Record<string, number>> =>
  Object.fromEntries(text.split(',').map((pair) => [pair.split('=')[0] ?? '', Number(pair.split('=')[1])]));

/** `$argon2id$v=19$m=…,t=…,p=1$salt$tag` */
export const argon2id: PasswordHash = {
  name: 'argon2id',
  hash: async (password) => {
    const salt = randomBytes(SALT_BYTES);
    const tag = await argon2Of(password, salt, MEMORY_KIB, PASSES);
    return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$${salt.toString('base64url')}$${tag.toString('base64url')}`;
  },
  matches: async (password, stored) => {
    const [, , , options = '', salt = '', expected = ''] = stored.split('$');
    const { m = MEMORY_KIB, t = PASSES } = optionsIn(options);
    return equal(await argon2Of(password, Buffer.from(salt, 'base64url'), m, t), expected);
  },
};

const argon2Of = (message: string, nonce: Buffer, memory: number, passes: number): Promise<Buffer> =>
  argon2Tag('argon2id', { message, nonce, parallelism: 1, tagLength: TAG_BYTES, memory, passes });

/** `$pbkdf2-sha512$i=…$salt$tag`: HMAC-SHA-512 with a salt of 16 bytes, as NIST SP 800-132 has it. */
export const pbkdf2Sha512 = (iterations: number): PasswordHash => ({
  name: 'pbkdf2-sha512',
  hash: async (password) => {
    const salt = randomBytes(SALT_BYTES);
    const tag = await pbkdf2Tag(password, salt, iterations, TAG_BYTES, 'sha512');
    return `$pbkdf2-sha512$i=${iterations}$${salt.toString('base64url')}$${tag.toString('base64url')}`;
  },
  matches: async (password, stored) => {
    const [, , options = '', salt = '', expected = ''] = stored.split('$');
    const { i = iterations } = optionsIn(options);
    return equal(await pbkdf2Tag(password, Buffer.from(salt, 'base64url'), i, TAG_BYTES, 'sha512'), expected);
  },
});

export const nameOfHash = (stored: string): string => stored.split('$')[1] ?? '';
