import { decodedName } from './encoded-name.js';

it.each([
  ['SW50ZXJuYWwvY3JlYXRvcg', 'Internal/creator'],
  ['SW50ZXJuYWwvY3JlYXRvcg==', 'Internal/creator'],
  ['w7zDvw', 'üÿ'],
  ['Internal/creator', undefined],
  ['a b', undefined],
  ['', undefined],
  ['YQBi', undefined],
])('%s stands for %s', (encoded, name) => expect(decodedName(encoded)).toBe(name));
