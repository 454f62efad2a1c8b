import { parseExact } from './exact-json.js';
import { parseDefinition } from './parse-definition.js';

const NUMBERS = ['1', '-7', '0.5', '1.0', '12345678901234567890', '-9007199254740993', '1E5', '-0', '0.10', '3.141592653589793238462643'];

it.each([...NUMBERS, '1e400'])('writes %s as it was read', (number) => {
  const text = `{"maximum":${number},"list":[${number}]}`;

  expect(JSON.stringify(parseExact(text))).toBe(text);
});

it.each(NUMBERS)('reads %s from YAML as from JSON', (number) => {
  const parsed = parseDefinition(`maximum: ${number}\n1.10: as a key\n`);

  expect(JSON.stringify('document' in parsed && parsed.document)).toBe(`{"maximum":${number},"1.10":"as a key"}`);
});

it.each([
  ['0x1F', '31'],
  ['+5', '5'],
  ['.5', '0.5'],
])('reads %s, which JSON does not know, as %s', (written, number) => {
  const parsed = parseDefinition(`maximum: ${written}\n`);

  expect(JSON.stringify('document' in parsed && parsed.document)).toBe(`{"maximum":${number}}`);
});

it('gives plain numbers wherever JavaScript writes them as they were', () => {
  expect(parseExact('[1, 2.5]')).toEqual([1, 2.5]);
});
