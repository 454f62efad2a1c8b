import { randomInt } from 'node:crypto';

/** No vowels, so that no words come out, and nothing that looks like something else (RFC 8628 §6.1): 20^8 codes. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;
const CODE = new RegExp(`^[${LETTERS}]{${LENGTH}}$`);
/** Longer input is no code, however it is written. */
const TYPED_MAX = 40;

export const newUserCode = (): string => Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** As people read and type it: `BCDF-GHJK`. */
export const shownUserCode = (code: string): string => `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;

/** What somebody typed, with or without the dash, blanks and capitals; undefined when it cannot be a code. */
export const typedUserCode = (text: string): string | undefined => {
  const code = text.length > TYPED_MAX ? '' : text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return CODE.test(code) ? code : undefined;
};
