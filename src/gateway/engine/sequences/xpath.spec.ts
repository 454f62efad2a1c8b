import { type Held, HeldMessage } from './message.fixture.js';
import { DefinitionError, type Json, JsonValue, MediationError, XmlValue } from './message.js';
import { compileXPath } from './xpath.js';

const ENVELOPE =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><t>9</t></s:Header><s:Body><m:order xmlns:m="urn:m" id="7"><item>a</item><item>b</item><sum>12</sum><mixed>x<y/></mixed></m:order></s:Body></s:Envelope>';
const HELD: Held = {
  envelope: ENVELOPE,
  properties: {
    default: {
      x: 'one',
      'uri.var.a-b': '5',
      flag: false,
      yes: true,
      zero: 0,
      map: new JsonValue({ key: 'v', n: 1 }),
      text: 'false',
      constructorLike: 'c',
    },
    axis2: { REST_URL_POSTFIX: '/a?b=1' },
    transport: { 'x-forwarded-for': '10.0.0.1' },
    operation: { o: 'op' },
    var: { v: 'var' },
  },
  query: { q: 'a b' },
};
const NAMESPACES = new Map([
  ['m', 'urn:m'],
  ['s', 'http://schemas.xmlsoap.org/soap/envelope/'],
]);
const compile = (source: string) => compileXPath(source, NAMESPACES);
const text = (source: string, held = HELD) => compile(source).text(new HeldMessage(held));

describe('an XPath expression', () => {
  it.each([
    ['$ctx:x', 'one'],
    ['$ctx:uri.var.a-b', '5'],
    ['$ctx:missing', ''],
    ['$ctx:constructor', ''],
    ['$ctx:__proto__', ''],
    ['$ctx:flag', 'false'],
    ['$axis2:REST_URL_POSTFIX', '/a?b=1'],
    ['$trp:X-Forwarded-For', '10.0.0.1'],
    ['$operation:o', 'op'],
    ['$var:v', 'var'],
    ['$url:Q', 'a b'],
    ['$url:missing', ''],
    ['$map:key', 'v'],
    ['$map:toString', ''],
    ['$nothing:key', ''],
    ["get-property('x')", 'one'],
    ["get-property('default','x')", 'one'],
    ["get-property('axis2', 'REST_URL_POSTFIX')", '/a?b=1'],
    ["get-property('transport', 'X-Forwarded-For')", '10.0.0.1'],
    ["get-property('operation', 'o')", 'op'],
    ["get-property('x', 'whatever')", 'one'],
    ["get-property(concat('', 'x'))", 'one'],
    ["'text'", 'text'],
    ["concat('a', $ctx:x, get-property('uri.var.a-b'))", 'aone5'],
    ["fn:concat('a', 'b')", 'ab'],
    ["fn:substring-after($axis2:REST_URL_POSTFIX, '?')", 'b=1'],
    ['1 + 2', '3'],
    ['7 div 2', '3.5'],
    ["$ctx:x = 'one'", 'true'],
    ['string-length($ctx:x)', '3'],
    ['//m:order/@id', '7'],
    ['//item[2]', 'b'],
    ['//item', '<item>a</item><item>b</item>'],
    ['//missing', ''],
    ['count(//item)', '2'],
    ['sum(//sum) * 2', '24'],
    ['string(//item)', 'a'],
    ['//mixed', 'x'],
    ['s:Body/m:order/sum', '12'],
    ['/s:Envelope/s:Header/t', '9'],
    ['$body/m:order/sum', '12'],
    ['$header/t', '9'],
    ['local-name($env)', 'Envelope'],
    ['local-name()', 'Envelope'],
    ['name($body/*[1])', 'm:order'],
    ['//item | //t', '<t>9</t><item>a</item><item>b</item>'],
    ["base64Encode('añ')", 'YcOx'],
    ["base64Encode('ñ','ISO-8859-1')", '8Q=='],
    ["base64Decode('YcOx')", 'añ'],
    ["base64Encode('')", ''],
    ["url-encode('a b&ñ*~')", 'a+b%26%C3%B1*%7E'],
    ["hmac-generate('payload', 'secret')", 'f75efc0f29bf50c23f99b30b86f7c78fdaf5f11d'],
    ["hmac-generate('payload', 'secret', 'HmacSHA256')", 'b82fcb791acec57859b989b430a826488ce2e479fdf92326bd0a2e8375a42ba4'],
  ])('%s is %s', (source, expected) => {
    expect(text(source)).toBe(expected);
  });

  it('writes an element without text of its own as markup', () => {
    expect(text('$body/m:order')).toMatch(/^<m:order .*<item>a<\/item>.*<\/m:order>$/);
  });

  it('writes the time by a pattern', () => {
    expect(text("get-property('SYSTEM_DATE', 'yyyy-MM-dd')")).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(() => text("get-property('SYSTEM_DATE', 'bbb')")).toThrow(MediationError);
  });

  it.each([
    ['$ctx:x', true],
    ['$ctx:text', true],
    ['$ctx:flag', false],
    ['$ctx:yes', true],
    ['$ctx:zero', false],
    ['$ctx:missing', false],
    ["''", false],
    ['//item', true],
    ['//missing', false],
    ['0', false],
    ["not($ctx:x = 'two')", true],
    ['$ctx:flag or $ctx:missing', false],
  ])('%s as a condition is %s', (source, expected) => {
    expect(compile(source).test(new HeldMessage(HELD))).toBe(expected);
  });

  it.each([
    ['$ctx:yes', true],
    ['$ctx:missing', null],
    ['$map:n', 1],
    ['//missing', null],
    ['1 + 1', 2],
    ["'a' = 'a'", true],
    ["string('a')", 'a'],
  ])('%s as a value is %j', (source, expected) => {
    expect(compile(source).value(new HeldMessage(HELD))).toBe(expected);
  });

  it('gives nodes in document order', () => {
    const value = compile('//sum | //item').value(new HeldMessage(HELD));

    expect(value).toBeInstanceOf(XmlValue);
    expect(value instanceof XmlValue ? value.nodes.map(({ nodeName }) => nodeName) : []).toEqual(['item', 'item', 'sum']);
  });

  it.each([
    ['$ctx:x', false],
    ["get-property('x')", false],
    ["get-property('From')", true],
    ["get-property('FAULT')", true],
    ["concat($ctx:x, get-property('From'))", true],
    ["concat('a', $trp:X)", false],
    ["$ctx:x = 'a' and string-length($url:q) > 1", false],
    ['//a', true],
    ['.', true],
    ['$body', true],
    ['string()', true],
  ])('%s needs the payload: %s', (source, expected) => {
    const message = new HeldMessage(HELD);
    const expression = compile(source);
    expression.text(message);

    expect(expression.usesPayload).toBe(expected);
    if (!expected) expect(message.wasRead).toBe(false);
  });

  it.each([
    ['', 'empty'],
    ['//a[', 'not valid'],
    ["concat('a'", 'not valid'],
    ['a b', 'not valid'],
    ["'open", 'not valid'],
    ['//p:a', "prefix 'p'"],
    ['//a[p:b]', "prefix 'p'"],
    ['//p:*', "prefix 'p'"],
    ["matches('a','b')", 'matches()'],
    ["fn:lower-case('A')", 'lower-case()'],
    ["wso2:vault-lookup('a')", 'vault-lookup()'],
    ["encrypt('a')", 'encrypt()'],
    ["constructor('a')", 'constructor()'],
    ["concat('a')", '1 arguments'],
    ['get-property()', '0 arguments'],
    ["hmac-generate('a','b','HmacFoo')", 'HmacFoo'],
    ["base64Encode('a','EBCDIC')", 'EBCDIC'],
    ['$func:a', '$func:a'],
    ['$system:a', '$system:a'],
    ['$unknown', '$unknown'],
    ["//a[fn:upper-case('x')]", 'upper-case()'],
    ['for $x in //a return $x', 'not valid'],
    [`${'('.repeat(100)}1${')'.repeat(100)}`, '64 deep'],
    [`'${'a'.repeat(9000)}'`, '8192 characters'],
  ])('refuses %.40s', (source, reason) => {
    expect(() => compile(source)).toThrow(DefinitionError);
    expect(() => compile(source)).toThrow(reason);
  });

  it('gives up on too many nodes instead of running on', () => {
    const held = { envelope: `<a>${'<b/>'.repeat(3000)}</a>` };

    expect(() => text('//b[count(//b[count(//b) > 1]) > 1]', held)).toThrow(MediationError);
    expect(() => text('//b', { envelope: `<a>${'<b/>'.repeat(21_000)}</a>` })).toThrow('20000 nodes');
  });

  it('turns a failure of the evaluation into a fault', () => {
    expect(() => text("count('a')")).toThrow(MediationError);
    expect(() => text('$ctx:x/a', { properties: { default: { x: 'no nodes' } } })).toThrow(MediationError);
  });

  it('goes into XML that a property holds', () => {
    const [node] = [new HeldMessage(HELD).payload.envelope().documentElement];

    expect(text('$ctx:xml//item[1]', { properties: { default: { xml: new XmlValue([node]) } } })).toBe('a');
    expect(text('$ctx:json', { properties: { default: { json: new JsonValue([1] as Json) } } })).toBe('[1]');
  });
});
