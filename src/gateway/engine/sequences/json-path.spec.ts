import { appendAt, insertAfter, removeAt, renameAt, replaceAt } from './json-edit.js';
import { compileJsonPath, jsonPath } from './json-path.js';
import { HeldMessage } from './message.fixture.js';
import { DefinitionError, type Expression, type Json, JsonValue, MediationError, type Value } from './message.js';

const STORE: Json = {
  name: 'shop',
  open: true,
  none: null,
  rate: 25.5,
  'X-Y z': 1,
  items: [
    { id: 1, kind: 'book', price: 10, tags: ['a', 'b'] },
    { id: 2, kind: 'Pen', price: 2.5, tags: [] },
    { id: 3, kind: 'book', tags: ['c'] },
  ],
  deep: { name: 'inner', list: [3, 1, 2] },
};

const constant = (text: string): Expression => ({ usesPayload: false, value: () => text, text: () => text, test: () => text === 'true' });
const textOf = (path: string, json: Json = STORE, properties: Readonly<Record<string, Value>> = {}) =>
  compileJsonPath(path, constant).text(new HeldMessage({ json, properties: { default: properties } }));

describe('a JSONPath', () => {
  it.each([
    ['$.name', 'shop'],
    ["$['name']", 'shop'],
    ['$["X-Y z"]', '1'],
    ['$.open', 'true'],
    ['$.none', 'null'],
    ['$.rate', '25.5'],
    ['$.missing', ''],
    ['$.missing.more[0]', ''],
    ['$.name.length', ''],
    ['$.items[0].id', '1'],
    ['$.items[-1].id', '3'],
    ['$.items[9].id', ''],
    ['$.deep', '{"name":"inner","list":[3,1,2]}'],
    ['$.deep.list[0,2]', '[3,2]'],
    ['$.deep.list[1:]', '[1,2]'],
    ['$.deep.list[:2]', '[3,1]'],
    ['$.deep.list[-2:-1]', '[1]'],
    ['$.deep.list[*]', '[3,1,2]'],
    ['$.deep.*', '["inner",[3,1,2]]'],
    ['$..name', '["shop","inner"]'],
    ['$..[0].id', '[1]'],
    ["$.deep['name','none']", '{"name":"inner"}'],
    ['$.items[*].id', '[1,2,3]'],
    ["$.items[?(@.kind == 'book')].id", '[1,3]'],
    ["$.items[?(@.kind=='book' && @.id > 1)].id", '[3]'],
    ['$.items[?(@.id < 2 || @.id >= 3)].id', '[1,3]'],
    ['$.items[?(@.price)].id', '[1,2]'],
    ['$.items[?(!(@.price))].id', '[3]'],
    ['$.items[?(@.kind =~ /PEN/i)].id', '[2]'],
    ['$.items[?(@.kind =~ /pe{1,2}n/i)].id', '[2]'],
    ['$.items[?(@.kind =~ /oo/)].id', '[]'],
    ["$.items[?(@.kind in ['Pen','x'])].id", '[2]'],
    ["$.items[?(@.kind nin ['Pen'])].id", '[1,3]'],
    ['$.items[?(@.tags size 2)].id', '[1]'],
    ['$.items[?(@.tags empty true)].id', '[2]'],
    ["$.items[?(@.tags subsetof ['a','b','c'])].id", '[1,2,3]'],
    ["$.items[?(@.tags anyof ['c'])].id", '[3]'],
    ["$.items[?(@.tags noneof ['c'])].id", '[1,2]'],
    ['$.items[?(@.price < $.rate)].id', '[1,2]'],
    ['$.items.length()', '3'],
    ['$.items.size()', '3'],
    ['$.deep.list.min()', '1'],
    ['$.deep.list.max()', '3'],
    ['$.deep.list.avg()', '2'],
    ['$..price.sum()', '12.5'],
    ['$.deep.keys()', '["name","list"]'],
    ['$.deep.list.first()', '3'],
    ['$.deep.list.last()', '2'],
    ['$.name.length()', '4'],
    ['$.name.sum()', ''],
    ['$.items[?(@.id == 9)]', '[]'],
    ['$.constructor', ''],
    ['$.__proto__.toString', ''],
    ['$..hasOwnProperty', '[]'],
  ])('%s is %s', (path, expected) => {
    expect(textOf(path)).toBe(expected);
  });

  it('is the whole payload for $ and for $.', () => {
    expect(textOf('$', [1, { a: null }])).toBe('[1,{"a":null}]');
    expect(textOf('$.', [1])).toBe('[1]');
  });

  it('reads JSON held by properties, whose names may hold dots', () => {
    const properties = { p: '{"a":{"b":1}}', 'uri.var.x': '[1,2]', held: new JsonValue({ a: 2 }), broken: '{' };

    expect(textOf('$ctx:p.a.b', {}, properties)).toBe('1');
    expect(textOf('$ctx:p', {}, properties)).toBe('{"a":{"b":1}}');
    expect(textOf('$ctx:uri.var.x[1]', {}, properties)).toBe('2');
    expect(textOf('$ctx:held.a', {}, properties)).toBe('2');
    expect(textOf('$ctx:held..a', {}, properties)).toBe('[2]');
    expect(textOf('$ctx:broken.a', {}, properties)).toBe('');
    expect(textOf('$ctx:missing.a', {}, properties)).toBe('');
    expect(textOf('$ctx:uri.var.x.length()', {}, properties)).toBe('2');
  });

  it('asks for the payload only when it reads it', () => {
    expect(compileJsonPath('$.a', constant).usesPayload).toBe(true);
    expect(compileJsonPath('$ctx:p.a', constant).usesPayload).toBe(false);
  });

  it('puts the text of an XPath expression in its place', () => {
    expect(textOf('$.items[{1}].id')).toBe('2');
    expect(textOf("$.items[?(@.kind == '{book}')].id")).toBe('[1,3]');
    expect(() => textOf('$.items[{x y}].id')).toThrow(MediationError);
  });

  it.each([
    '',
    'name',
    '$.a[',
    '$.a[x]',
    '$.a[?(@.b ==)]',
    '$.a[?(@.b =~ /(?=a)/)]',
    '$.a b',
    '$.nofunction()',
    "$['a",
    '$.a[?(1)]',
    `$${'[?('.repeat(40)}`,
    `$.${'a'.repeat(5000)}`,
    '$ctx:',
    '$.a.',
    '$...a',
  ])('refuses %s', (path) => {
    expect(() => compileJsonPath(path, constant)).toThrow(DefinitionError);
  });

  it('gives objects and arrays as JSON, the rest as it is', () => {
    const message = new HeldMessage({ json: STORE });

    expect(compileJsonPath('$.deep.list', constant).value(message)).toEqual(new JsonValue([3, 1, 2]));
    expect(compileJsonPath('$.rate', constant).value(message)).toBe(25.5);
    expect(compileJsonPath('$.none', constant).value(message)).toBe('null');
    expect(compileJsonPath('$.missing', constant).value(message)).toBeNull();
    expect(compileJsonPath('$.open', constant).test(message)).toBe(true);
    expect(compileJsonPath('$.name', constant).test(message)).toBe(false);
  });

  it('gives up before it looks at a million values', () => {
    const nested = Array.from({ length: 400 }).reduce<Json>((inner) => [inner, 1], []);

    expect(() => textOf('$..*..*..*', nested)).toThrow(MediationError);
  });

  it('goes as deep as the payload', () => {
    const nested = Array.from({ length: 5000 }).reduce<Json>((inner) => ({ a: inner }), 1);

    expect(jsonPath('$..a').locate(nested)).toHaveLength(5000);
  });
});

describe('a change of JSON', () => {
  const json: Json = { a: { b: 1, c: 2 }, l: [1, 2, 3], o: [{ k: 1 }, { k: 2 }] };

  it.each([
    ['replace', () => replaceAt(json, jsonPath('$.a.b'), { x: 1 }), { a: { b: { x: 1 }, c: 2 } }],
    ['replace all', () => replaceAt(json, jsonPath('$.o[*].k'), 0), { o: [{ k: 0 }, { k: 0 }] }],
    ['append to a list', () => appendAt(json, jsonPath('$.l'), 4), { l: [1, 2, 3, 4] }],
    ['append to an object', () => appendAt(json, jsonPath('$.a'), { d: 3 }), { a: { b: 1, c: 2, d: 3 } }],
    ['insert', () => insertAfter(json, jsonPath('$.l[0]'), 9), { l: [1, 9, 2, 3] }],
    ['insert after several', () => insertAfter(json, jsonPath('$.l[0,1]'), 9), { l: [1, 9, 2, 9, 3] }],
    ['remove', () => removeAt(json, jsonPath('$.a.b')), { a: { c: 2 } }],
    ['remove items', () => removeAt(json, jsonPath('$.l[0,2]')), { l: [2] }],
    ['remove deep', () => removeAt(json, jsonPath('$..k')), { o: [{}, {}] }],
    ['rename', () => renameAt(json, jsonPath('$.a.b'), 'x'), { a: { x: 1, c: 2 } }],
    ['rename over another', () => renameAt(json, jsonPath('$.a.b'), 'c'), { a: { c: 1 } }],
  ] as const)('%s', (_, change, expected) => {
    const before = JSON.stringify(json);

    const after = change();

    expect(JSON.stringify(after)).toBe(JSON.stringify({ ...json, ...expected }));
    expect(JSON.stringify(json)).toBe(before);
  });

  it('keeps a member named as a prototype', () => {
    const hostile = JSON.parse('{"__proto__":{"a":1}}') as Json;

    expect(JSON.stringify(replaceAt(hostile, jsonPath('$.__proto__.a'), 2))).toBe('{"__proto__":{"a":2}}');
    expect(JSON.stringify(renameAt({ a: 1 }, jsonPath('$.a'), '__proto__'))).toBe('{"__proto__":1}');
  });

  it.each([
    ['a path that leads nowhere', () => replaceAt(json, jsonPath('$.x'), 1)],
    ['a child of a number', () => appendAt(json, jsonPath('$.a.b'), 1)],
    ['a sibling of a member', () => insertAfter(json, jsonPath('$.a.b'), 1)],
    ['the removal of everything', () => removeAt(json, jsonPath('$'))],
    ['another name for an item', () => renameAt(json, jsonPath('$.l[0]'), 'x')],
  ])('refuses %s', (_, change) => {
    expect(change).toThrow(MediationError);
  });
});
