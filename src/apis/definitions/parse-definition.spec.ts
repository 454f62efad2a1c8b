import { parseDefinition } from './parse-definition.js';

const documentOf = (text: string) => parseDefinition(text).finding ?? (parseDefinition(text) as { document: object }).document;

it.each([
  ['JSON', '{"openapi":"3.0.1","info":{"version":"1.0"}}', '1.0'],
  ['JSON behind a byte order mark', '\uFEFF{"info":{"version":"1.0"}}', '1.0'],
  ['YAML', 'info:\n  title: Pets\n  version: 1.0.0\n', '1.0.0'],
  ['YAML in flow style', '{info: {version: "1.0"}}', '1.0'],
  [
    'a version that YAML takes for a number',
    'openapi: 3.0.1\ninfo:\n  # first\n  title: Pets\n\n  version: 1.10 # the tenth\npaths: {}\n',
    '1.10',
  ],
  ['lines that end in two characters', 'info:\r\n  title: Pets\r\n  version: 1.10\r\n', '1.10'],
  ['a date', 'info:\n  version: 2020-01-01\n', '2020-01-01'],
])('reads %s', (_, text, version) => {
  expect(documentOf(text)).toMatchObject({ info: { version } });
});

it.each([
  ['broken JSON', '{"openapi": '],
  ['broken YAML', 'a:\n  - b\n c'],
  ['a text', 'hello'],
  ['a list', '[1, 2]'],
  ['nothing', ''],
  ['endless nesting', `${'['.repeat(1000)}`],
])('says that %s does not parse', (_, text) => {
  expect(parseDefinition(text).finding).toMatchObject({ code: 900754, description: expect.stringMatching(/./) });
});

it('says where YAML breaks', () => {
  expect(parseDefinition('openapi: 3.0.1\ninfo:\n  - b\n c').finding?.description).toMatch(/\(4:\d+\)/);
});

it('refuses YAML whose aliases stand for a giant', () => {
  const lines = Array.from(
    { length: 12 },
    (_, level) =>
      `a${level}: &a${level} [${
        level === 0
          ? 'x'
          : Array(10)
              .fill(`*a${level - 1}`)
              .join(', ')
      }]`,
  );

  expect(parseDefinition(lines.join('\n')).finding?.description).toMatch(/too large/);
});

it('gives what aliases share to each of its places', () => {
  const { a, b } = documentOf('a: &x {n: 1}\nb: *x\n') as { a: object; b: object };

  expect(b).toEqual(a);
  expect(b).not.toBe(a);
});
