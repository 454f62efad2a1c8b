/** A number as it was written. */
class Numeral {
  constructor(readonly text: string) {}
}

type Json = string | boolean | null | Numeral | readonly Json[] | { readonly [name: string]: Json };

const USUAL_NAME = /^[A-Za-z_][\w.-]*$/;
const NAME_START = /[\p{L}_]/u;
const NAME_PART = /[\p{L}\p{N}\p{M}_.-]/u;
/** Characters that XML cannot hold, not even as references. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Characters of a text that is converted: longer ones would keep the thread from everybody else for seconds. */
export const CONVERTED_LENGTH_MAX = 4_194_304;

export const tooLong = (): Error => new Error(`Texts of more than ${CONVERTED_LENGTH_MAX} characters are not converted`);

/** JSON as XML (`reference/mediation.md` §2.2). Throws an `Error` for a text that is no object or array in JSON. */
export const jsonToXml = (text: string): string => {
  if (text.length > CONVERTED_LENGTH_MAX) throw tooLong();
  const value = parsed(text);
  if (Array.isArray(value)) return element('jsonArray', items(value));
  if (typeof value === 'object' && value !== null && !(value instanceof Numeral)) return element('jsonObject', contentOf(value));
  throw new Error('The body is neither an object nor an array');
};

const parsed = (text: string): Json => {
  // The third argument gives a number as it is written, with all its digits.
  const keep = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? new Numeral(context?.source ?? String(value)) : value;
  // What JSON.parse gives is JSON, with its numbers wrapped.
  return JSON.parse(text, keep) as Json;
};

const contentOf = (value: Json): string => {
  if (value === null) return '';
  if (value instanceof Numeral) return value.text;
  if (Array.isArray(value)) return element('jsonArray', items(value));
  if (typeof value !== 'object') return escaped(String(value));
  return Object.entries(value)
    .map(([key, member]) => {
      const name = nameOf(key);
      return Array.isArray(member) ? member.map((item: Json) => element(name, contentOf(item))).join('') : element(name, contentOf(member));
    })
    .join('');
};

const items = (values: readonly Json[]): string => values.map((item) => element('jsonElement', contentOf(item))).join('');

const element = (name: string, content: string): string => (content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`);

const nameOf = (key: string): string => {
  if (USUAL_NAME.test(key)) return key;
  if (key === '') return '_JsonReader__';
  let name = '';
  for (const character of key) {
    if (name === '' && /[0-9]/.test(character)) name = `_JsonReader_PD_${character}`;
    else if (name === '' && character === '$') name = '_JsonReader_PS_';
    else if ((name === '' ? NAME_START : NAME_PART).test(character)) name += character;
    else name += `_JsonReader_${character.codePointAt(0)}_`;
  }
  return name;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;').replace(NOT_IN_XML, '\ufffd');
