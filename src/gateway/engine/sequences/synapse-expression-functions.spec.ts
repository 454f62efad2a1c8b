// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of policies are written like this.
import { DOMParser } from '@xmldom/xmldom';
import { HeldMessage } from './message.fixture.js';
import { JsonValue, type Value, XmlValue } from './message.js';
import { compileSynapseExpression } from './synapse-expression.js';

const HELD = {
  json: { name: 'Ann', none: null, users: [{ id: 1 }, { id: 2 }], text: '{"a":[1,2]}' },
  envelope:
    '<s:Envelope xmlns:s="urn:s"><s:Body><m:books xmlns:m="urn:m"><m:price>12.50</m:price><m:price>7</m:price></m:books></s:Body></s:Envelope>',
  properties: {
    default: { count: '5' },
    transport: { host: 'h.example' },
    var: { n: 4, xml: '<r><i>1</i><i>2</i></r>' },
  },
};

const message = () => new HeldMessage(HELD);
const compile = (source: string) => compileSynapseExpression(source, new Map([['m', 'urn:m']]));
const evaluated = (source: string): Value | null => compile(source).value(message());
const plain = (value: Value | null): unknown => (value instanceof JsonValue ? value.json : value);

describe('a function in ${…}', () => {
  it.each<[string, unknown]>([
    ["length('text')", 4],
    ['length(payload.users)', 2],
    ["length('')", 0],
    ["toUpper('aß')", 'ASS'],
    ["toLower('AB')", 'ab'],
    ["subString('text', 2)", 'xt'],
    ["subString('text', 0, 2)", 'te'],
    ["subString('text', 4)", ''],
    ["startsWith('text', 'te')", true],
    ["endsWith('text', 'te')", false],
    ["contains('text', 'ex')", true],
    ["trim('  a ')", 'a'],
    ["replace('a.b.c', '.', '$&')", 'a$&b$&c'],
    ["replace('abc', '', 'x')", 'abc'],
    ["split('a|b|c', '|')", ['a', 'b', 'c']],
    ["split('a,b', ',')[1]", 'b'],
    ["indexOf('text', 't')", 0],
    ["indexOf('text', 't', 1)", 3],
    ["indexOf('text', 'z')", -1],
    ["charAt('text', 1)", 'e'],
    ['formatDateTime(0, "yyyy")', '1970'],
    ['formatDateTime("29-09-1988", "dd-MM-yyyy", "yyyy MMM dd")', '1988 Sep 29'],
    ['formatDateTime("2024-02-29T10:20:30Z", "yyyy-MM-dd\'T\'HH:mm:ssX", "yyyy/MM")', '2024/02'],
    ['formatDateTime("3 March 2024 11 PM", "d MMMM yyyy hh a", "dd.MM.yy HH:mm")', '03.03.24 23:00'],
    ['formatDateTime("2024-03-01", "yyyy")', '2024'],
    ['abs(-5)', 5],
    ['ceil(1.2)', 2],
    ['floor(-1.2)', -2],
    ['sqrt(16)', 4],
    ['log(1)', 0],
    ['pow(2, 10)', 1024],
    ['round(2.5)', 3],
    ['round(2.7543, 2)', 2.75],
    ['round(1.005, 2)', 1.01],
    ["base64encode('text')", 'dGV4dA=='],
    ["base64encode('é', 'ISO-8859-1')", '6Q=='],
    ["base64decode('dGV4dA==')", 'text'],
    ["urlEncode('a b&c')", 'a+b%26c'],
    ["urlDecode('a+b%20c')", 'a b c'],
    ["isString('a')", true],
    ['isString(headers.host)', true],
    ['isString(props.synapse.count)', false],
    ['isNumber(props.synapse.count)', true],
    ["isNumber('5')", false],
    ['isArray(payload.users)', true],
    ['isArray(payload)', false],
    ['isObject(payload)', true],
    ['isObject(payload.none)', false],
    ['string(5)', '5'],
    ['string([1,true])', '[1,true]'],
    ["integer('12')", 12],
    ['integer(3.9)', 3],
    ["float('1.5')", 1.5],
    ["boolean('TRUE')", true],
    ['object(payload.text).a[1]', 2],
    ['array(\'[{"name":"x"}]\')[0].name', 'x'],
    ['array(payload.users)[0].id', 1],
    ['exists(payload.name)', true],
    ['exists(payload.none)', false],
    ['exists(vars.missing)', false],
    ["exists('vars.n')", true],
    ["exists('vars.missing')", false],
    ["exists('some text')", true],
    ['exists(1 + vars.missing)', false],
    ['not(true)', false],
    ['not(exists(vars.missing))', true],
    ["xpath('sum(//m:price)')", 19.5],
    ["xpath('count(//i)', 'xml')", 2],
    ["xpath('string(/r/i[2])', 'xml')", 2],
    ["xpath('string(/r/i[2])', 'xml') + 'x'", '2x'],
    ["xpath('//m:price[2]') * 2", 14],
    ["xpath('//m:price[1]/text()') + ' EUR'", '12.50 EUR'],
    ["xpath('//m:price[1]') > 10 and xpath('//m:price[2]') == 7", true],
    ["toUpper(subString(headers.host, 0, 1)) + '…'", 'H…'],
  ])('%s is %j', (source, expected) => {
    expect(plain(evaluated(source))).toEqual(expected);
  });

  it('tells the time', () => {
    const before = Date.now();

    const now = Number(evaluated('now()'));

    expect(now).toBeGreaterThanOrEqual(before);
    expect(evaluated('formatDateTime(now(), "yyyy")')).toBe(String(new Date().getFullYear()));
  });

  it('gives XML as a node, with its text', () => {
    const value = evaluated("xpath('//m:price[1]')");

    expect(value).toBeInstanceOf(XmlValue);
    expect(compile("xpath('//m:price[1]')").text(message())).toBe('12.50');
  });

  it('looks with xpath() into XML that a variable holds', () => {
    const held = message();
    const document = new DOMParser().parseFromString('<o><r><i>1</i></r><i>2</i></o>', 'text/xml');
    held.set('var', 'part', new XmlValue([document.getElementsByTagName('r')[0] ?? document]));

    const text = compile("xpath('count(//i)', 'part')").text(held);

    expect(text).toBe('1');
  });
});
