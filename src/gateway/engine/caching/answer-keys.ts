import { headerOf } from '../front/headers.js';

/** The key of an answer: its place, and what the request said in the headers that it differs by. */
export const keyOf = (place: string, names: readonly string[], outbound: readonly string[]): string =>
  names.reduce((key, name) => `${key}\n${name}:${headerOf(outbound, name) ?? ''}`, place);
