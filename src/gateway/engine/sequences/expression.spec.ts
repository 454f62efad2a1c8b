// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of policies are written like this.
import { compileDynamic, compileExpression, compileText, splitPlaceholders } from './expression.js';
import { type Held, HeldMessage } from './message.fixture.js';
import { DefinitionError, JsonValue } from './message.js';

const NAMESPACES = new Map([['m', 'urn:m']]);
const HELD: Held = {
  json: { a: { b: [1, 2] }, name: 'Ann', yes: true, word: 'false', text: 'true' },
  envelope: '<e><m:a xmlns:m="urn:m">x</m:a></e>',
  properties: {
    default: { p: 'one', n: 'name', no: 'false', yes: true, off: false, '{p}': 'braces' },
    transport: { 'x-y': '7' },
    var: { v: 3 },
  },
};

const textOf = (compiled: ReturnType<typeof compileExpression>) => compiled.text(new HeldMessage(HELD));

describe('an expression', () => {
  it.each([
    ['json-eval($.name)', 'Ann'],
    [' json-eval( $.a.b[1] ) ', '2'],
    ['json-eval($.a)', '{"b":[1,2]}'],
    ['json-eval($.{$ctx:n})', 'Ann'],
    ['json-eval($.missing)', ''],
    ['${payload.name}', 'Ann'],
    [' ${vars.v + 1} ', '4'],
    ["${'}' + '${' + \"'}\"}", "}${'}"],
    ['$ctx:p', 'one'],
    ["get-property('p')", 'one'],
    ["get-property('transport', 'X-Y')", '7'],
    ["concat('${', $ctx:p, '}')", '${one}'],
    ['//m:a', 'x'],
    ['1 + 1', '2'],
  ])('%s gives %s', (source, expected) => {
    expect(textOf(compileExpression(source, NAMESPACES))).toBe(expected);
  });

  it.each([
    ['json-eval($.yes)', true],
    ['json-eval($.text)', true],
    ['json-eval($.name)', false],
    ['json-eval($.a)', false],
    ['${payload.yes}', true],
    ['${payload.name}', false],
    ["${payload.name == 'Ann'}", true],
    ['$ctx:p', true],
    ['$ctx:no', true],
    ['$ctx:yes', true],
    ['$ctx:off', false],
    ['$ctx:missing', false],
    ['//m:a', true],
    ['//m:b', false],
    ['0', false],
    ['1 = 2', false],
    ["''", false],
  ])('%s is the condition %s', (source, expected) => {
    expect(compileExpression(source, NAMESPACES).test(new HeldMessage(HELD))).toBe(expected);
  });

  it.each([
    ['', 'empty'],
    ['json-eval()', 'empty'],
    ['json-eval(a)', 'begin with $'],
    ['json-eval($.a', 'not valid'],
    ['${}', 'empty'],
    ['${1 +}', 'a value was expected'],
    ['${vars.v}-${vars.v}', ''],
    ['//x:a', 'x'],
    ['$', ''],
  ])('is refused: %s', (source, reason) => {
    expect(() => compileExpression(source, NAMESPACES)).toThrow(DefinitionError);
    expect(() => compileExpression(source, NAMESPACES)).toThrow(reason);
  });
});

describe('an attribute that may be an expression', () => {
  it.each([
    ['text', 'text'],
    ['', ''],
    [' text ', ' text '],
    ['{$ctx:p}', 'one'],
    ["{get-property('p')}", 'one'],
    ['{json-eval($.name)}', 'Ann'],
    ['{json-eval($.{$ctx:n})}', 'Ann'],
    ['{${vars.v}}', '3'],
    ['${vars.v}', '3'],
    [' {$ctx:p} ', 'one'],
    ['a{$ctx:p}', 'a{$ctx:p}'],
    ['{$ctx:p}b', '{$ctx:p}b'],
    ['{$ctx:p}{$ctx:p}', '{$ctx:p}{$ctx:p}'],
    ['{', '{'],
  ])('%j gives %j', (source, expected) => {
    const compiled = compileDynamic(source, NAMESPACES);

    expect(textOf(compiled)).toBe(expected);
  });

  it.each([['{}'], ['{a b}'], ['${a}']])('is refused: %s', (source) => {
    expect(() => compileDynamic(source, NAMESPACES)).toThrow(DefinitionError);
  });

  it('reads the body only for an expression that does', () => {
    const uses = ['{//m:a}', '{json-eval($.a)}', '{${payload}}', '//m:a', '{$ctx:p}'].map(
      (text) => compileDynamic(text, NAMESPACES).usesPayload,
    );

    expect(uses).toEqual([true, true, true, false, false]);
  });
});

describe('a text with ${…}', () => {
  it.each([
    ['Hello', 'Hello'],
    ['', ''],
    ['Hello ${payload.name}!', 'Hello Ann!'],
    ['${vars.v}${vars.v}', '33'],
    ["a ${'}'} b", 'a } b'],
    ["it's ${vars.v}", "it's 3"],
    ['$1 $ {x} ${vars.v', '$1 $ {x} ${vars.v'],
    ['a ${vars.missing} b', 'a  b'],
    ['${payload.a}', '{"b":[1,2]}'],
    ["${'${'}", '${'],
  ])('%j gives %j', (source, expected) => {
    expect(textOf(compileText(source, NAMESPACES))).toBe(expected);
  });

  it('does not evaluate what a value brings', () => {
    const held = new HeldMessage({ properties: { default: { p: '${vars.secret}' }, var: { secret: 'x' } } });

    const text = compileText('<${props.synapse.p}>', NAMESPACES).text(held);

    expect(text).toBe('<${vars.secret}>');
  });

  it('comes apart for who needs the values as they are', () => {
    const [before, value, after] = splitPlaceholders('{"a": ${payload.a}, "n": 1}', NAMESPACES);

    expect([before, after]).toEqual(['{"a": ', ', "n": 1}']);
    expect(typeof value === 'object' && value.value(new HeldMessage(HELD))).toEqual(new JsonValue({ b: [1, 2] }));
  });

  it.each([['a ${} b'], ['a ${1 +} b'], ["a ${registry('x')} b"]])('is refused: %s', (source) => {
    expect(() => compileText(source, NAMESPACES)).toThrow(DefinitionError);
  });
});
