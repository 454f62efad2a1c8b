// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of policies are written like this.
import { type Held, HeldMessage } from './message.fixture.js';
import { DefinitionError, JsonValue, MediationError, type Value, XmlValue } from './message.js';
import { compileSynapseExpression } from './synapse-expression.js';

const NAMESPACES = new Map([['m', 'urn:m']]);
const BOOKS =
  '<s:Envelope xmlns:s="urn:s"><s:Body><m:books xmlns:m="urn:m"><m:price>12.50</m:price><m:price>7</m:price></m:books></s:Body></s:Envelope>';
const HELD: Held = {
  json: {
    name: 'Ann',
    age: 41,
    rate: 2.5,
    ok: true,
    none: null,
    'first name': 'A b',
    $ref: 'r',
    users: [
      { id: 1, age: 17, tag: "o'k" },
      { id: 2, age: 30, tag: 'b\\c' },
    ],
    text: '{"a":[1,2]}',
  },
  envelope: BOOKS,
  properties: {
    default: {
      count: '5',
      code: '007',
      big: '12345678901234567890',
      rate: '1.10',
      flag: 'true',
      held: new JsonValue({ a: { b: [1, 2] } }),
      text: '{"x":{"y":"z"}}',
      'a.b': 'dotted',
      a: '{"b":"member","c":{"d":8}}',
      'query.param.q': 'v 1',
      'query.param.n': '3',
      'uri.var.id': '42',
      number: 6,
      From: 'me',
    },
    axis2: { HTTP_METHOD: 'GET' },
    transport: { host: 'h.example', 'x-y': '9', 'content-type': 'application/json' },
    var: {
      n: 4,
      s: '4',
      least: 18,
      'last name': 'Z',
      tag: "o'k",
      slash: 'b\\c',
      list: new JsonValue([3, 4]),
      ages: new JsonValue([30, "o'k"]),
      one: 1,
      key: 'name',
      xml: '<r><i>1</i><i>2</i></r>',
    },
  },
};

const SLOW = [
  `vars${'.a'.repeat(4000)}`,
  `${'-'.repeat(8000)}1`,
  `payload${'[0]'.repeat(1300)}`,
  `1${' '.repeat(8000)}1`,
  `payload[${"'".repeat(8001)}`,
];

const message = () => new HeldMessage(HELD);
const compile = (source: string) => compileSynapseExpression(source, NAMESPACES);
const evaluated = (source: string): Value | null => compile(source).value(message());
const plain = (value: Value | null): unknown => (value instanceof JsonValue ? value.json : value);

describe('an expression in ${…} reads', () => {
  it.each<[string, unknown]>([
    ["'text'", 'text'],
    ['"it\'s"', "it's"],
    ["'it\\'s \\u0041\\n\\d'", "it's A\n\\d"],
    ['1.5e1', 15],
    ['true', true],
    ['null', 'null'],
    ['[]', []],
    ["[1, 'a', [true], $.age, headers.x]", undefined],
    ["[1, 'a', [true], $.age, props.synapse.count]", [1, 'a', [true], 41, 5]],
    ['payload', HELD.json],
    ['$', HELD.json],
    ['payload.name', 'Ann'],
    [' $.name ', 'Ann'],
    ['payload["first name"]', 'A b'],
    ["$['name']", 'Ann'],
    ['payload.$ref', 'r'],
    ['payload.none', 'null'],
    ['payload.users[-1].id', 2],
    ['payload.users[*].id', [1, 2]],
    ['payload..age', [41, 17, 30]],
    ['payload.users.length()', 2],
    ['payload.users[?(@.age >= 18)].id', [2]],
    ['payload.users[?(@.age >= vars.least)].id', [2]],
    ['payload.users[?(@.age >= vars.least && @.id < props.synapse.count)].id', [2]],
    ['payload.users[?(@.tag == vars.tag)].id', [1]],
    ['payload.users[?(@.tag == vars.slash)].id', [2]],
    ["payload.users[?(@.tag =~ /^[o]'k$/)].id", [1]],
    ["payload.users[?(@.tag == 'vars.least')].id", []],
    ['payload.users[?(@.id in vars.list)].id', []],
    ['payload.users[?(@.age in vars.ages)].id', [2]],
    ['payload.users[vars.list[5]]', undefined],
    ['payload.users[vars.one].id', 2],
    ['payload[vars.key]', 'Ann'],
    ['payload[vars.tag]', undefined],
    ['payload.users[params.pathParams.id]', undefined],
    ['vars.n', 4],
    ['vars.s', '4'],
    ['vars["last name"]', 'Z'],
    ['vars.list', [3, 4]],
    ['vars.list[0]', 3],
    ['headers.Host', 'h.example'],
    ['headers["X-Y"]', 9],
    ["headers['Content-Type']", 'application/json'],
    ['props.synapse.count', 5],
    ['properties.synapse.count', 5],
    ['props.synapse["count"]', 5],
    ['props.synapse.number', 6],
    ['props.synapse.code', '007'],
    ['props.synapse.big', '12345678901234567890'],
    ['props.synapse.rate', '1.10'],
    ['props.synapse.held.a.b[1]', 2],
    ['props.synapse.text.x.y', 'z'],
    ['props.synapse["text"].x', { y: 'z' }],
    ['props.synapse.a.b', 'dotted'],
    ['props.synapse.a.c.d', 8],
    ['props.axis2.HTTP_METHOD', 'GET'],
    ['params.queryParams.q', 'v 1'],
    ['params.queryParams.n', 3],
    ['params.pathParams.id', 42],
    ["params.pathParams['id']", 42],
  ])('%s', (source, expected) => {
    const result = evaluated(source);

    expect(plain(result)).toEqual(expected ?? null);
  });

  it.each([
    ['payload.name', true],
    ['1 + $', true],
    ["length(payload) > 0 ? 'a' : 'b'", true],
    ["true ? 'a' : payload", true],
    ["xpath('//a')", true],
    ["xpath('$ctx:count')", false],
    ['vars.list[payload.age]', true],
    ['props.synapse.From', true],
    ["exists('payload.a')", true],
    ["headers.host + vars.n + 'payload'", false],
  ])('the body for %s: %s', (source, uses) => {
    const held = message();
    const expression = compile(source);

    expression.text(held);

    expect(expression.usesPayload).toBe(uses);
    expect(uses || !held.wasRead).toBe(true);
  });

  it('an XML body as a whole as its XML, and in parts as JSON', () => {
    const held = message();
    Object.assign(held.payload, { form: 'xml' });

    const whole = compile('payload').value(held);

    expect(whole).toBeInstanceOf(XmlValue);
    expect(compile('payload').text(held)).toContain('<m:price>12.50</m:price>');
    expect(compile('payload.name').text(held)).toBe('Ann');
  });

  it('a text body as its text', () => {
    const held = new HeldMessage({ json: 'plain' });
    Object.assign(held.payload, { form: 'text', text: () => 'plain' });

    const text = compile("payload + '!'").text(held);

    expect(text).toBe('plain!');
  });
});

describe('an operator in ${…}', () => {
  it.each<[string, unknown]>([
    ['1 + 2', 3],
    ["'a' + 'b'", 'ab'],
    ["'a' + 1", 'a1'],
    ["1 + 'a'", '1a'],
    ["1 + 2 + 'a'", '3a'],
    ["'a' + true", 'atrue'],
    ["'a' + payload.users[0]", 'a{"id":1,"age":17,"tag":"o\'k"}'],
    ["'1' + 1", '11'],
    ['props.synapse.count + 1', 6],
    ["props.synapse.code + 'x'", '007x'],
    ["props.synapse.rate + 'x'", '1.10x'],
    ['props.synapse.rate * 2', 2.2],
    ['vars.s + 1', '41'],
    ['7 - 2 - 1', 4],
    ['7-2', 5],
    ['2 * 3 + 4', 10],
    ['4 + 2 * 3', 10],
    ['(4 + 2) * 3', 18],
    ['7 / 2', 3.5],
    ['12 / 3 / 2', 2],
    ['7 % 4', 3],
    ['-7 % 4', -3],
    ['-payload.age', -41],
    ['--5', 5],
    ['0 * -1', 0],
    ['3 - -2', 5],
    ['1 < 2', true],
    ['2 <= 2', true],
    ['2 > 2', false],
    ['3 >= 2', true],
    ['1 + 1 == 2', true],
    ['1 == 1.0', true],
    ["1 == '1'", false],
    ['props.synapse.count == 5', true],
    ["props.synapse.count == '5'", true],
    ["props.synapse.code == '007'", true],
    ['props.synapse.code == 7', true],
    ['props.synapse.flag == true', true],
    ["'a' == 'a'", true],
    ["'a' != 'b'", true],
    ["'A' == 'a'", false],
    ['null == null', true],
    ['payload.none == null', true],
    ['vars.missing == null', true],
    ["headers.missing != 'x'", true],
    ['[1, 2] == [1, 2]', true],
    ['1 < 2 == true', true],
    ['true and false', false],
    ['true && true', true],
    ['false or true', true],
    ['false || false', false],
    ['true or false and false', true],
    ['(true or false) and false', false],
    ['false and vars.missing', false],
    ['true or vars.missing', true],
    ['1 == 1 and 2 == 2', true],
    ["true ? 'a' : 'b'", 'a'],
    ["1 > 2 ? 'a' : 2 > 1 ? 'b' : 'c'", 'b'],
    ["true or false ? 'a' : 'b'", 'a'],
    ["vars.n == 4 ? 'four' : vars.missing", 'four'],
    ["payload.age>18?'Adult':'Child'", 'Adult'],
    ['props.synapse.flag and true', true],
  ])('%s is %j', (source, expected) => {
    expect(plain(evaluated(source))).toEqual(expected);
  });
});

describe('an expression in ${…} that fails', () => {
  it.each([
    ['payload.missing'],
    ['vars.missing'],
    ['vars.n.more'],
    ['headers.missing'],
    ['props.synapse.constructor'],
    ['payload.constructor'],
    ['payload.__proto__'],
    ['vars.list.__proto__'],
    ['params.queryParams.missing'],
    ['vars.missing + 1'],
    ['1 + true'],
    ['null + 1'],
    ["'a' * 2"],
    ["'5' - 2"],
    ["'a' < 'b'"],
    ['1 / 0'],
    ['1 % 0'],
    ['pow(10, 400)'],
    ['sqrt(-1)'],
    ['log(0)'],
    ['-payload'],
    ["'yes' and true"],
    ['1 or true'],
    ["1 ? 'a' : 'b'"],
    ["subString('text', 3, 9)"],
    ["subString('text', -1)"],
    ["subString('text', 1.5)"],
    ["charAt('text', 4)"],
    ['length(5.5 + payload)'],
    ['length(payload)'],
    ['toUpper(payload)'],
    ['toUpper(null)'],
    ['not(1)'],
    ["integer('1.5')"],
    ["integer('')"],
    ["float('x')"],
    ["boolean('yes')"],
    ["object('[1]')"],
    ["object('{')"],
    ["array('{}')"],
    ["urlDecode('%E0%A4%A')"],
    ["base64encode('a', vars.s)"],
    ["formatDateTime('x', 'yyyy')"],
    ["formatDateTime('31-02-2024', 'dd-MM-yyyy', 'yyyy')"],
    ["formatDateTime('x', 'dd-MM-yyyy', 'yyyy')"],
    ['formatDateTime(0, headers.host)'],
    ['round(1.5, 99)'],
    ["xpath('//missing')"],
    ["xpath('//i', 'n')"],
    ["xpath('//i', 'missing')"],
    ['payload.users[?(@.id == payload.users)]'],
  ])('gives nothing and a warning: %s', (source) => {
    const held = message();
    const expression = compile(source);

    const results = [expression.value(held), expression.text(held), expression.test(held)];

    expect(results).toEqual([null, '', false]);
    expect(held.logged).toHaveLength(3);
    expect(held.logged[0]).toMatch(/^warn: the expression \$\{.*\} gives nothing: /);
  });

  it('does not write texts of the policy or of the message to the log', () => {
    const held = message();

    compile('\'secret\' * headers.host + headers["X-Y"]').text(held);

    expect(held.logged).toEqual([
      'warn: the expression ${\'…\' * headers.host + headers["X-Y"]} gives nothing: a number was expected, and there is text',
    ]);
  });

  it('is a fault only when the body is not what it says', () => {
    const held = message();
    held.payload.json = () => {
      throw new MediationError('601000', 'no JSON');
    };

    expect(() => compile('payload.name').text(held)).toThrow('no JSON');
  });

  it.each([
    ["replace(payload, 'a', payload)"],
    ['payload + payload + payload + payload + payload + payload'],
    ['string([payload, payload, payload, payload, payload, payload])'],
    ['base64encode(payload + payload + payload + payload)'],
  ])('is one that would become larger than 10 MiB: %s', (source) => {
    const held = new HeldMessage({ json: 'a'.repeat(2 * 1024 * 1024) });

    const text = compile(source).text(held);

    expect(text).toBe('');
    expect(held.logged.join()).toContain('10 MiB');
  });
});

describe('a condition in ${…}', () => {
  it.each([
    ['true', true],
    ["'true'", true],
    ['props.synapse.flag', true],
    ["'TRUE'", false],
    ['1', false],
    ["'x'", false],
    ['payload', false],
    ['1 < 2', true],
  ])('%s holds: %s', (source, expected) => {
    expect(compile(source).test(message())).toBe(expected);
  });
});

describe('a definition with ${…}', () => {
  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['1 +', 'a value was expected'],
    ['* 2', 'a value was expected'],
    ['(1', 'a ) was expected'],
    ['[1', 'a ] was expected'],
    ["'open", 'a value was expected'],
    ['1 2', "'2' was not expected"],
    ['a = 1', "'a' is not known"],
    ['1 = 1', "'= 1' was not expected"],
    ["true ? 'a'", 'a : was expected'],
    ['!true', 'use not(…)'],
    ['word', 'a text needs quotes'],
    ['headers.X-Y', "'Y' is not known"],
    ['headers', 'a name was expected'],
    ['vars', 'a name was expected'],
    ['props.count', 'props.synapse or props.axis2'],
    ['props.system.count', 'props.synapse or props.axis2'],
    ['params.other.x', 'params.queryParams or params.pathParams'],
    ['params.functionParams.x', 'not supported'],
    ['params["queryParams"].x', 'params.queryParams'],
    ["registry('gov:/x')", "'registry' is not supported"],
    ["wso2-vault('x')", "'wso2-vault' is not supported"],
    ["hashicorp-vault('x', 'y')", "'hashicorp-vault' is not supported"],
    ['configs.x', "'configs' is not supported"],
    ["secret('x')", "'secret' is not supported"],
    ['payload.', "'.' was not expected"],
    ['payload.a[', 'a ] was expected'],
    ['payload.a[x]', 'an index, a quoted name'],
    ['payload.a.b()', 'b() is not known'],
    ['payload.users[?(@.age >)]', 'cannot be read'],
    ["payload['a", 'a ] was expected'],
    ['eval(1)', 'eval() is not known'],
    ['constructor(1)', 'constructor() is not known'],
    ['__proto__(1)', '__proto__() is not known'],
    ['toString()', 'toString() is not known'],
    ['hasOwnProperty.call(1)', 'is not known'],
    ['now(1)', 'takes 0 arguments in ${…}, and there are 1'],
    ['length()', 'takes 1 argument in ${…}, and there are 0'],
    ["subString('a')", 'takes 2 to 3 arguments'],
    ["replace('a', 'b')", 'takes 3 arguments'],
    ['exists()', 'takes 1 argument'],
    ["xpath('a', 'b', 'c')", 'takes 1 to 2 arguments'],
    ["xpath('//')", 'not valid'],
    ["xpath('//x:a')", 'x'],
    ['xpath(vars.n)', 'must be a text in quotes'],
    ["base64encode('a', 'EBCDIC')", 'EBCDIC'],
    ["formatDateTime(now(), 'nn')", "letter 'n'"],
    ["formatDateTime('1', 'ww', 'yyyy')", "letter 'w'"],
  ])('is refused: %s', (source, reason) => {
    expect(() => compile(source)).toThrow(DefinitionError);
    expect(() => compile(source)).toThrow(reason);
  });

  it.each([
    ['parentheses', `${'('.repeat(100)}1${')'.repeat(100)}`, '64 deep'],
    ['functions', `${'length('.repeat(100)}1${')'.repeat(100)}`, '64 deep'],
    ['values in paths', `vars.a${'[vars.a'.repeat(100)}${']'.repeat(100)}`, '64 deep'],
    ['conditions', `${'true?1:'.repeat(100)}1`, '64 deep'],
    ['lists', `${'['.repeat(100)}${']'.repeat(100)}`, '64 deep'],
    ['characters', `'${'a'.repeat(9000)}'`, '8192 characters'],
    ['values in a list', `[${'1,'.repeat(1000)}1]`, '1000 values'],
  ])('is refused for too many %s', (_what, source, reason) => {
    expect(() => compile(source)).toThrow(DefinitionError);
    expect(() => compile(source)).toThrow(reason);
  });

  it('may be long without being deep', () => {
    const source = `1${'+1'.repeat(4000)}`;

    expect(evaluated(source)).toBe(4001);
  });

  it('is read in a time that grows with its length', () => {
    const before = performance.now();

    const outcomes = SLOW.map((source) => {
      try {
        return compile(source).usesPayload;
      } catch (error) {
        return error instanceof DefinitionError;
      }
    });

    expect(outcomes).toHaveLength(SLOW.length);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
