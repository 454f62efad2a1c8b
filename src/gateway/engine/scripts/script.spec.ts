import { DOMParser } from '@xmldom/xmldom';
import { type Json, JsonValue, MediationError, type Message, type Scope, type Value, XmlValue } from '../sequences/message.js';
import { checkScript, javascriptPolicy, Scripts } from './script.js';

const LIMITS = { cpuMs: 5, memoryBytesMax: 16_777_216 };
const scripts = new Scripts(LIMITS);

/** A message as plain data. */
class TestMessage implements Message {
  isResponse = false;
  isFault = false;
  readonly scopes = new Map<string, Value>();
  readonly addresses = new Map<string, string>();
  readonly lines: string[] = [];
  form: Message['payload']['form'] = 'none';
  body: Json | undefined;
  markup = '';

  readonly payload: Message['payload'] = ((message: TestMessage) => ({
    get form() {
      return message.form;
    },
    json: () => {
      if (message.markup === 'broken') throw new MediationError('601000', 'the body is not JSON');
      return message.body;
    },
    envelope: () =>
      new DOMParser().parseFromString(
        `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${message.markup}</s:Body></s:Envelope>`,
        'text/xml',
      ),
    text: () => (message.form === 'json' ? JSON.stringify(message.body) : message.markup),
    setJson: (json: Json) => {
      message.form = 'json';
      message.body = json;
    },
    setXml: (element: Element) => {
      message.form = 'xml';
      message.markup = element.toString();
    },
    setText: (text: string) => {
      message.markup = text;
    },
    clear: () => undefined,
  }))(this);

  get(scope: Scope, name: string): Value | null {
    return this.scopes.get(`${scope}:${name}`) ?? null;
  }
  set(scope: Scope, name: string, value: Value): void {
    if (name === 'Bad Header') throw new MediationError('0', 'the header cannot be sent');
    this.scopes.set(`${scope}:${name}`, value);
  }
  remove(scope: Scope, name: string): void {
    this.scopes.delete(`${scope}:${name}`);
  }
  names(): readonly string[] {
    return [];
  }
  address(part: string): string | null {
    return this.addresses.get(part) ?? null;
  }
  setAddress(part: string, value: string | null): void {
    if (value === null) this.addresses.delete(part);
    else this.addresses.set(part, value);
  }
  query(): string {
    return '';
  }
  log(level: string, text: string): void {
    this.lines.push(`${level} ${text}`);
  }
}

const run = async (source: string, message = new TestMessage(), parameters = {}) => {
  const outcome = await scripts.compile(source).run(message, parameters);
  return { outcome, message };
};
/** What an expression is within a script. */
const result = async (expression: string, message = new TestMessage(), parameters = {}) => {
  await run(`mc.setProperty('result', JSON.stringify(${expression}))`, message, parameters);
  return JSON.parse(String(message.get('default', 'result') ?? 'null'));
};

beforeAll(() => run('1'));

describe('mc', () => {
  it.each([
    ["'text'", 'text'],
    ['5', 5],
    ['1.5', 1.5],
    ['true', true],
    ["'a\\u0000b\\ud83d\\ude00'", 'a\u0000b\u{1f600}'],
    ['{ a: [1] }', new JsonValue({ a: [1] })],
  ])('keeps %s as a property of its type', async (written, expected) => {
    const { message } = await run(`mc.setProperty('p', ${written})`);

    expect(message.get('default', 'p')).toEqual(expected);
    expect(await result("mc.getProperty('p')", message)).toEqual(expected instanceof JsonValue ? expected.json : expected);
  });

  it('reaches the other scopes, removes, and knows nothing of what is not there', async () => {
    const message = new TestMessage();
    message.set('default', 'uri.var.id', '7');
    message.set('axis2', 'gone', 'x');

    await run(
      "mc.setProperty('X-A', 'b', 'transport'); mc.setProperty('HTTP_SC', 201, 'axis2'); mc.setVariable('v', 1); mc.removeProperty('gone', 'axis2')",
      message,
    );

    expect([...message.scopes]).toEqual([
      ['default:uri.var.id', '7'],
      ['transport:X-A', 'b'],
      ['axis2:HTTP_SC', 201],
      ['var:v', 1],
    ]);
    expect(await result("[mc.getProperty('uri.var.id'), mc.getProperty('none'), mc.getVariable('v')]", message)).toEqual(['7', null, 1]);
  });

  it('holds XML as something that can be written', async () => {
    const { message } = await run("mc.setPayloadXML('<a><b>1</b></a>'); mc.setProperty('x', mc.getPayloadXML())");

    expect(message.markup).toBe('<a><b>1</b></a>');
    expect(message.get('default', 'x')).toBeInstanceOf(XmlValue);
    expect(await result("[mc.getPayloadXML().toXMLString(), mc.getProperty('x') + '']", message)).toEqual([
      '<a><b>1</b></a>',
      '<a><b>1</b></a>',
    ]);
  });

  it('gives a copy of the JSON payload, and takes objects and text', async () => {
    const message = new TestMessage();
    message.payload.setJson({ name: 'Rex', list: [1, 2] });

    await run('var body = mc.getPayloadJSON(); body.list.push(3); body.name += "!"; mc.setPayloadJSON(body)', message);

    expect(message.body).toEqual({ name: 'Rex!', list: [1, 2, 3] });
    expect((await run('mc.setPayloadJSON("[1]")', message)).message.body).toEqual([1]);
    expect(await result('[mc.getPayloadText(), mc.getJsonText()]', message)).toEqual(['[1]', '[1]']);
    message.form = 'text';
    expect(await result('mc.getPayloadJSON()', message)).toEqual({});
  });

  it('has addresses, flags and logs', async () => {
    const { message } = await run(
      "mc.setTo('http://a.example'); mc.setSoapAction('urn:a'); mc.setResponse(true); mc.getServiceLog().warn('careful'); print(mc.getTo())",
    );

    expect(Object.fromEntries(message.addresses)).toEqual({ To: 'http://a.example', Action: 'urn:a' });
    expect(message.lines).toEqual(['warn careful', 'info http://a.example']);
    expect(
      await result(
        '[mc.getTo().getAddress(), mc.getFrom(), mc.getWSAAction(), mc.isResponse(), mc.isFaultResponse(), mc.isDoingMTOM()]',
        message,
      ),
    ).toEqual(['http://a.example', null, 'urn:a', true, false, false]);
  });

  it('adds a block to the SOAP header', async () => {
    const { message } = await run('mc.addHeader(true, \'<t:id xmlns:t="urn:t">7</t:id>\')');

    expect(message.markup).toMatch(/<s:Header><t:id xmlns:t="urn:t" s:mustUnderstand="1">7<\/t:id><\/s:Header><s:Body\/>/);
  });

  it.each([
    ["mc.setPayloadJSON('{')", '0', /SyntaxError/],
    ["mc.setPayloadXML('<a>')", '0', /not XML/],
    ['mc.setPayloadXML(\'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>\')', '0', /document type/],
    ["mc.setProperty('a', 'b', 'registry')", '0', /'registry' is not one of/],
    ["mc.setProperty('Bad Header', 'b', 'transport')", '0', /cannot be sent/],
    ['mc.getEnvironment()', '0', /mc.getEnvironment is not supported/],
    ['java.lang.System.exit(1)', '0', /ReferenceError: 'java' is not defined/],
    ['Packages.a', '0', /ReferenceError/],
    ['importClass(1)', '0', /ReferenceError/],
    ['new JavaImporter()', '0', /ReferenceError/],
    ["throw 'just a text'", '0', /just a text/],
    ['throw { toString: function () { throw 1; } }', '0', /stopped|failed/],
  ])('%s fails', async (source, code, text) => {
    await expect(run(source)).rejects.toMatchObject({ code, message: expect.stringMatching(text) });
  });

  it('keeps the code of a body that cannot be read, unless the script catches it', async () => {
    const message = new TestMessage();
    message.form = 'json';
    message.markup = 'broken';

    await expect(run('mc.getPayloadJSON()', message)).rejects.toMatchObject({ code: '601000' });
    expect(await run('try { mc.getPayloadJSON(); } catch (error) { }', message)).toMatchObject({ outcome: 'continue' });
  });
});

it.each([
  ['false', 'stop'],
  ['var a = 1; a > 2;', 'stop'],
  ['true', 'continue'],
  ['0', 'continue'],
  ['null', 'continue'],
  ['new Boolean(false)', 'continue'],
  ["'false'", 'continue'],
  ['', 'continue'],
])('%s: %s', async (source, outcome) => {
  expect(await run(source)).toMatchObject({ outcome });
});

describe('a policy in JavaScript', () => {
  it('sees the parameters of its attachment', async () => {
    const message = new TestMessage();

    await javascriptPolicy(scripts, "mc.setProperty(parameters.name, parameters.value, 'transport')", { name: 'X-A', value: 'b' })(message);

    expect(message.get('transport', 'X-A')).toBe('b');
  });
});

describe('a script that takes too much', () => {
  it.each([
    ['for (;;);', /5 ms of CPU time/],
    ['for (;;) try { for (;;); } catch (error) { }', /CPU time/],
    ["/(a+)+$/.test('a'.repeat(40) + 'b')", /CPU time/],
    ["new Array(1e9) + ''", /CPU time|memory/],
    ['new Array(1e9).fill(0)', /CPU time|memory/],
    ['var a = 2n; for (;;) a *= a', /CPU time|memory|RangeError/],
    ['var a = 3n ** 100000n; (a * a).toString()', /CPU time/],
    ['[3, 1, 2].sort(function () { for (;;); })', /CPU time/],
    ['for (;;) mc.getProperty("a")', /CPU time/],
    ["'x'.repeat(1e9)", /memory/],
    ['new Uint8Array(1e9)', /memory/],
    ["var a = []; for (;;) a.push('x'.repeat(1e6) + a.length)", /memory|CPU time/],
    ["mc.setProperty('a', 'x'.repeat(9e6))", /memory|CPU time/],
    ['(function f() { f(); })()', /deeply|CPU time/],
    ['function f() { try { f(); } finally { f(); } } f()', /deeply|CPU time/],
    ["eval('('.repeat(1e5))", /deeply|CPU time|SyntaxError/],
    ["JSON.parse('['.repeat(1e6))", /deeply|CPU time|SyntaxError/],
    ["new RegExp('(?:'.repeat(50) + 'a|' + ')+'.repeat(50)).exec('a')", /CPU time|memory|SyntaxError/],
  ])('is cut off: %s', async (source, reason) => {
    await expect(run(source)).rejects.toMatchObject({ code: '0', message: expect.stringMatching(reason) });

    expect(await run('var after = 1; after')).toMatchObject({ outcome: 'continue' });
  });

  it('never runs what it leaves for later', async () => {
    const { message } = await run(
      "Promise.resolve().then(function () { mc.setProperty('later', 1); for (;;); }); (async function f() { await 0; for (;;); })(); 1",
    );

    expect(message.get('default', 'later')).toBeNull();
  });
});

it.each([
  ['a global', 'secret = 1; var other = 2', '[typeof secret, typeof other]', ['undefined', 'undefined']],
  ['a prototype', 'Object.prototype.polluted = 1; Array.prototype.map = null', '[({}).polluted, typeof [].map]', [null, 'function']],
  ['mc', 'mc.isResponse = function () { return 5; }; JSON.parse = null', '[mc.isResponse()]', [false]],
  ['memory', 'new Uint8Array(5e6).fill(7); for (;;);', '[new Uint8Array(1e5).indexOf(7)]', [-1]],
  ['parameters', 'parameters.a = 1; parameters = 2', '[parameters]', [{}]],
])('leaves nothing of %s to the next run', async (_, before, expression, expected) => {
  await run(before).catch(() => undefined);

  expect(await result(expression)).toEqual(expected);
});

it('finds nothing of the host', async () => {
  const names = [
    'process',
    'require',
    'global',
    'fetch',
    'setTimeout',
    'console',
    'WebAssembly',
    'host',
    'std',
    'os',
    'Buffer',
    'importScripts',
  ];

  expect(await result(`${JSON.stringify(names)}.filter(function (name) { return typeof globalThis[name] !== 'undefined'; })`)).toEqual([]);
  expect(await result("mc.getProperty.constructor('return typeof process')()")).toBe('undefined');
  await expect(run("import('node:fs').then(function () { mc.setProperty('escaped', 1); }); eval('process')")).rejects.toThrow(
    /not defined/,
  );
  expect(await result('Math.random()')).not.toBe(await result('Math.random()'));
});

it('does not grow by being used', async () => {
  const script = scripts.compile('var list = []; for (var i = 0; i < 100; i++) list.push({ i: i }); mc.setProperty("n", list.length)');
  const message = new TestMessage();
  for (let turn = 0; turn < 500; turn += 1) script.run(message);
  const before = process.memoryUsage().rss;
  const started = performance.now();

  for (let turn = 0; turn < 5_000; turn += 1) script.run(message);

  const perRunMs = (performance.now() - started) / 5_000;
  if (process.env['SCRIPT_FIGURES']) process.stderr.write(`${perRunMs} ms a run, ${process.memoryUsage().rss - before} bytes more\n`);
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  expect(perRunMs).toBeLessThan(3);
});

describe('checking', () => {
  it.each([
    ['var a = 1;\nvar b = ;', 2, /SyntaxError/],
    ['var x = <a>{1}</a>;', 1, /SyntaxError/],
    ['\n\nreturn 1;', 3, /SyntaxError/],
    ['})(); (function () {', 1, /SyntaxError/],
    [`'${'x'.repeat(70_000)}'`, 1, /16384 characters/],
  ])('refuses a mistake with its line: %#', (source, line, reason) => {
    expect(() => checkScript(source)).toThrow(expect.objectContaining({ line, message: expect.stringMatching(reason) }));
    expect(() => checkScript(source, { element: 'script', line: 10 })).toThrow(
      expect.objectContaining({ element: 'script', line: line + 9 }),
    );
  });

  it('runs nothing', () => {
    expect(() => checkScript('process.exit(1); for (;;);')).not.toThrow();
  });
});
