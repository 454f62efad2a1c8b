/** ASCII words of a text: accents are dropped, and `getPet`, `get-pet` and `GET_PET` are two words each. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    // `APIKey` is two words, `APIs` is one.
    .replace(/([A-Z]+)([A-Z](?!s(?![a-z]))[a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');

const LENGTH_MAX = 100;

const startedByLetter = (name: string, prefix: string): string => (/^[A-Za-z]/.test(name) ? name : `${prefix}${name}`);

/** `getPet`; empty for a text without letters and digits. */
export const camelCase = (text: string): string => {
  const [first = '', ...rest] = wordsOf(/\p{Ll}/u.test(text) ? text : text.toLowerCase());
  const name = [first.toLowerCase(), ...rest.map(capitalized)].join('').slice(0, LENGTH_MAX);
  return name === '' ? '' : startedByLetter(name, 'n');
};

/** `Pet`; empty for a text without letters and digits. */
export const pascalCase = (text: string): string => {
  const name = wordsOf(text).map(capitalized).join('').slice(0, LENGTH_MAX);
  return name === '' ? '' : startedByLetter(name, 'N');
};

/** `get_pet`; empty for a text without letters and digits. */
export const snakeCase = (text: string): string => {
  const name = wordsOf(text).join('_').toLowerCase().slice(0, LENGTH_MAX);
  return name === '' ? '' : startedByLetter(name, 'n_');
};

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/**
 * Gives out names that differ by more than letter case and underscores: what is `getPet` in one language is `get_pet` in another, and a file system may
 * not tell `Pet` from `pet`.
 */
export class UniqueNames {
  private readonly taken: Set<string>;

  constructor(reserved: Iterable<string> = []) {
    this.taken = new Set([...reserved].map(keyOf));
  }

  /** The name, or the name with a number behind it. */
  take(name: string): string {
    let candidate = name;
    for (let number = 2; this.taken.has(keyOf(candidate)); number += 1) candidate = `${name}${number}`;
    this.taken.add(keyOf(candidate));
    return candidate;
  }
}

const keyOf = (name: string): string => name.replaceAll('_', '').toLowerCase();
