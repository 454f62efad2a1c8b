import { parseDefinition } from '../definitions/parse-definition.js';
import { read, write } from './archive-texts.worker.js';

describe('a file of an archive', () => {
  it.each([
    ['type: api\ndata: {version: 1.10, name: 007}', { version: '1.10', name: '007' }],
    ['data:\n  version: 1.0\n  count: 1.0', { version: '1.0', count: 1 }],
    ['{"data": {"version": 2}}', { version: '2' }],
    ['data: {created: 2020-01-01, flag: yes, none: null}', { created: '2020-01-01', flag: 'yes', none: null }],
    ['data: {a: &a [1], b: *a}', { a: [1], b: [1] }],
    ['data: {a: "\\\\u0000"}', { a: '\\u0000' }],
  ])('%j is read as %j', (text, data) => expect(read(text)).toMatchObject({ document: { data } }));

  it.each([
    ['- a'],
    ['a: ['],
    ['a: !!js/function x'],
    ['"a"'],
    [''],
    ['a: !!binary "eA=="'],
    ['{'.repeat(50_000)],
    ['{"a": "\\u0000"}'],
    ['{"\\ud800": 1}'],
  ])('%j is refused', (text) => expect(read(text)).toHaveProperty('finding'));

  it.each([
    ['YAML', "a: 'yes'\nb:\n  - '1.0'\n  - null\n"],
    ['JSON', '{\n  "a": "yes",\n  "b": [\n    "1.0",\n    null\n  ]\n}'],
  ] as const)('is written as %s', (format, text) => {
    const json = JSON.stringify({ a: 'yes', b: ['1.0', null] });

    expect(write({ json, format })).toBe(text);
  });

  it.each(['YAML', 'JSON'] as const)('keeps every number as it was written in %s', (format) => {
    const json =
      '{"openapi":"3.0.1","a":[12345678901234567890,-12345678901234567890,1e400,1.0,-0,0.1,1E5,7,"12345678901234567890","1e400"]}';

    const { document } = parseDefinition(write({ json, format })) as { document: object };

    expect(JSON.stringify(document)).toBe(json);
  });
});
