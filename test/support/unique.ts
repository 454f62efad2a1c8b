import { randomBytes } from 'node:crypto';

/** A name nobody else has: the given word and ten random letters and digits, starting with a letter. */
export const unique = (word: string): string => `${word}${randomBytes(5).toString('hex')}`;
