import { apiRow, operation, startBackend, TestGateway } from './engine.fixture.js';
import { RawClient, startRecorder } from './wire.fixture.js';

const B = '/pizza/1.0.0';
const HOST = 'Host: x\r\n';
const ABC = '3\r\nabc\r\n0\r\n\r\n';
const SMUGGLED = `GET ${B}/admin HTTP/1.1\r\nHost: x\r\n\r\n`;
const open = (method: string, target: string) => operation(method, target, { authType: 'None' });

let recorder: Awaited<ReturnType<typeof startRecorder>>;
let gateway: TestGateway;

beforeAll(async () => {
  recorder = await startRecorder();
  const operations = [
    open('GET', '/menu'),
    open('HEAD', '/menu'),
    open('POST', '/echo'),
    operation('GET', '/admin'),
    operation('GET', '/admin/users'),
    open('GET', '/{id}'),
    open('GET', '/{id}/{part}'),
    operation('OPTIONS', '/admin/users'),
    open('OPTIONS', '/{id}'),
  ];
  gateway = await TestGateway.start([apiRow(recorder.url, { operations })]);
});

afterAll(async () => {
  await gateway.stop();
  await recorder.stop();
});

beforeEach(() => {
  recorder.seen.length = 0;
});

/** What the backend saw in the answering of some bytes, and the statuses of the answers. */
const send = async (bytes: string, answers = 1) => {
  const client = await RawClient.open(gateway.port);
  client.write(bytes);
  const statuses = await client.answers(answers);
  // Another request goes all the way and back: whatever came of the bytes before it has been noted.
  expect((await gateway.call(`${B}/menu?last`)).body).toBe('ok');
  client.socket.destroy();
  return { statuses, seen: recorder.seen.slice(0, -1), text: client.text };
};
const post = (headers: string, body: string): string => `POST ${B}/echo HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;
const get = (target: string, headers = HOST): string => `GET ${target} HTTP/1.1\r\n${headers}\r\n`;
const chunked = (body: string): string => post('Transfer-Encoding: chunked\r\n', body);

describe('framing that can be read in two ways is refused, and no backend hears of it', () => {
  it.each<readonly [what: string, bytes: string]>([
    ['a length, then chunks', post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
    ['chunks, then a length', post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n')],
    ['xchunked', post('Transfer-Encoding: xchunked\r\n', ABC)],
    ['xchunked and a length', post('Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n', 'abc')],
    ['identity', post('Transfer-Encoding: identity\r\n', ABC)],
    ['chunked, identity', post('Transfer-Encoding: chunked, identity\r\n', ABC)],
    ['gzip, chunked', post('Transfer-Encoding: gzip, chunked\r\n', ABC)],
    ['chunked, chunked', post('Transfer-Encoding: chunked, chunked\r\n', ABC)],
    ['chunked twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', ABC)],
    ['identity and chunked', post('Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n', ABC)],
    ['chunked and identity', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', ABC)],
    ['a vertical tab before chunked', post('Transfer-Encoding: \x0bchunked\r\n', ABC)],
    ['chunked in quotes', post('Transfer-Encoding: "chunked"\r\n', ABC)],
    ['no coding', post('Transfer-Encoding:\r\n', '')],
    ['no coding and a length', post('Transfer-Encoding:\r\nContent-Length: 3\r\n', 'abc')],
    ['a folded coding', post('Transfer-Encoding:\r\n chunked\r\n', ABC)],
    ['chunks in HTTP/1.0', `POST ${B}/echo HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${ABC}`],
    ['two lengths alike', post('Content-Length: 3\r\nContent-Length: 3\r\n', 'abc')],
    ['two lengths', post('Content-Length: 3\r\nContent-Length: 4\r\n', 'abc')],
    ['a space before the colon of the length', post('Content-Length : 3\r\n', 'abc')],
    ...['+3', '-3', '0x3', '3, 3', '3,4', '3 3', '', '3.0', '3e0', '9007199254740993', '18446744073709551616', '9'.repeat(40)].map(
      (length) => [`the length '${length}'`, post(`Content-Length: ${length}\r\n`, 'abc')] as const,
    ),
    ...['+3', '-3', '0x3', '3 ', ' 3', '', '3_', 'G', 'fffffffffffffffff'].map(
      (size) => [`a chunk's size '${size}'`, chunked(`${size}\r\nabc\r\n0\r\n\r\n`)] as const,
    ),
    ['chunks between bare line feeds', chunked('3\nabc\n0\n\n')],
    ['a line feed in a chunk’s extension', chunked('3;a\nabc\r\n0\r\n\r\n')],
    ['a line end in a chunk’s extension', chunked('3;a="b\r\n"\r\nabc\r\n0\r\n\r\n')],
    ['a chunk’s extension of 20 kB', chunked(`3;a=${'b'.repeat(20_000)}\r\nabc\r\n0\r\n\r\n`)],
  ])('%s', async (_case, bytes) => {
    const { statuses, seen, text } = await send(bytes, 2);

    expect(statuses).toEqual([400]);
    expect(text).toContain('Connection: close');
    expect(seen).toEqual([]);
  });
});

describe('a head that can be read in two ways is refused, and no backend hears of it', () => {
  it.each<readonly [what: string, bytes: string]>([
    ['a folded first header', get(`${B}/menu`, ` X: y\r\n${HOST}`)],
    ['a folded header', get(`${B}/menu`, `${HOST}X: a\r\n b\r\n`)],
    ['a folded length', post('X: y\r\n Content-Length: 10\r\nContent-Length: 3\r\n', 'abc')],
    ['line feeds for line ends', `GET ${B}/menu HTTP/1.1\nHost: x\n\n`],
    ['a line feed in a header', get(`${B}/menu`, `${HOST}X: y\nZ: w\r\n`)],
    ['a line feed for the last line end', `GET ${B}/menu HTTP/1.1\r\n${HOST}\n`],
    ['a carriage return in a header', get(`${B}/menu`, `${HOST}X: y\rZ: w\r\n`)],
    ['a NUL in a header', get(`${B}/menu`, `${HOST}X: y\0z\r\n`)],
    ['a control character in a header', get(`${B}/menu`, `${HOST}X: y\x01z\r\n`)],
    ['a space before a colon', get(`${B}/menu`, `${HOST}X : y\r\n`)],
    ['a header without a name', get(`${B}/menu`, `${HOST}: y\r\n`)],
    ['a header without a colon', get(`${B}/menu`, `${HOST}Xy\r\n`)],
    ['a header whose name is no token', get(`${B}/menu`, `${HOST}X(y: z\r\n`)],
    ['no Host', get(`${B}/menu`, '')],
    ['two Hosts', get(`${B}/menu`, 'Host: x\r\nHost: y\r\n')],
    ['one Host twice', get(`${B}/menu`, 'Host: x\r\nHost: x\r\n')],
    ...['x y', 'x/evil', 'a@b', 'x?y', 'x\\y', '"x"', 'x\xff'].map(
      (host) => [`the Host '${host}'`, get(`${B}/menu`, `Host: ${host}\r\n`)] as const,
    ),
    ['HTTP/0.9 in the line', `GET ${B}/menu HTTP/0.9\r\n${HOST}\r\n`],
    ['HTTP/1.2', `GET ${B}/menu HTTP/1.2\r\n${HOST}\r\n`],
    ['HTTP/1.10', `GET ${B}/menu HTTP/1.10\r\n${HOST}\r\n`],
    ['HTTP/2.0 in the line', `GET ${B}/menu HTTP/2.0\r\n${HOST}\r\n`],
    ['http in lower case', `GET ${B}/menu http/1.1\r\n${HOST}\r\n`],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a method in lower case', `get ${B}/menu HTTP/1.1\r\n${HOST}\r\n`],
    ['an unknown method', `FOO ${B}/menu HTTP/1.1\r\n${HOST}\r\n`],
    ['tabs in the first line', `GET\t${B}/menu\tHTTP/1.1\r\n${HOST}\r\n`],
    ['a space in the target', get(`${B}/menu x`)],
    ['a control character in the target', get(`${B}/menu\x01`)],
    ['a tab in the target', get(`${B}/menu\t`)],
    ['a DEL in the target', get(`${B}/menu\x7f`)],
    ['bytes that are no UTF-8 in the target', get(`${B}/\xff\xfe`)],
    ['UTF-8 that is not encoded in the target', get(`${B}/\xc3\xa9`)],
    ['a target without a slash', get('pizza/1.0.0/menu')],
    ['an authority for a target', get('x:80')],
    ['a URL of another scheme', get(`ftp://x${B}/menu`)],
    ['a URL with a user', get(`http://u:p@x${B}/menu`)],
    ['a URL without a host', get(`http://${B}/menu`)],
  ])('%s', async (_case, bytes) => {
    const { statuses, seen } = await send(bytes, 2);

    expect(statuses).toEqual([400]);
    expect(seen).toEqual([]);
  });

  it.each([
    ['a target over the limit', get(`${B}/${'x'.repeat(9_000)}`), 431],
    ['an expectation nobody knows', post('Content-Length: 3\r\nExpect: x\r\n', 'abc'), 417],
    ['TRACE', `TRACE ${B}/menu HTTP/1.1\r\n${HOST}\r\n`, 405],
    ['the asterisk', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['the asterisk of a GET', get('*'), 404],
  ])('%s', async (_case, bytes, status) => {
    const { statuses, seen } = await send(bytes);

    expect([statuses[0], seen]).toEqual([status, []]);
  });

  it('CONNECT gets no tunnel', async () => {
    const client = await RawClient.open(gateway.port);

    client.write(`CONNECT x:80 HTTP/1.1\r\n${HOST}\r\n`);
    await client.closed();

    expect(client.statuses.filter((status) => status < 400)).toEqual([]);
    expect(recorder.seen).toEqual([]);
  });
});

const MENU = 'GET /menu HTTP/1.1';
const ECHO = 'POST /echo HTTP/1.1';
const LENGTH = ['content-length: 3'];
const CHUNKS = ['transfer-encoding: chunked'];

describe('what is read in one way reaches the backend in one way', () => {
  it.each([
    ['a tab before chunked', post('Transfer-Encoding:\tchunked\r\n', ABC), ECHO, CHUNKS, ABC],
    ['chunked in mixed case', post('Transfer-Encoding: ChUnKeD\r\n', ABC), ECHO, CHUNKS, ABC],
    ['extensions of chunks', chunked('3;a=b\r\nabc\r\n0\r\n\r\n'), ECHO, CHUNKS, ABC],
    ['a chunk’s size with zeros', chunked('003\r\nabc\r\n000\r\n\r\n'), ECHO, CHUNKS, ABC],
    ['a trailer', chunked('3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n'), ECHO, CHUNKS, ABC],
    ['a length with zeros', post('Content-Length: 03\r\n', 'abc'), ECHO, LENGTH, 'abc'],
    ['a length between blanks', post('Content-Length: \t3 \r\n', 'abc'), ECHO, LENGTH, 'abc'],
    [
      'framing with underscores',
      post('Transfer_Encoding: chunked\r\nContent_Length: 5\r\nContent-Length: 3\r\n', 'abc'),
      ECHO,
      LENGTH,
      'abc',
    ],
    ['a length named in Connection', post('Content-Length: 3\r\nConnection: content-length\r\n', 'abc'), ECHO, LENGTH, 'abc'],
    ['chunks named in Connection', post('Transfer-Encoding: chunked\r\nConnection: transfer-encoding\r\n', ABC), ECHO, CHUNKS, ABC],
    [
      'a request in a body',
      post(`Content-Length: ${SMUGGLED.length}\r\n`, SMUGGLED),
      ECHO,
      [`content-length: ${SMUGGLED.length}`],
      SMUGGLED,
    ],
    ['a body of a GET', get(`${B}/menu`, `${HOST}Content-Length: 3\r\n`).concat('abc'), MENU, LENGTH, 'abc'],
    ['chunks of a GET', get(`${B}/menu`, `${HOST}Transfer-Encoding: chunked\r\n`).concat(ABC), MENU, CHUNKS, ABC],
    [
      'an empty body of JSON',
      post('Content-Type: application/json\r\nContent-Length: 0\r\n', ''),
      ECHO,
      ['Content-Type: application/json', 'content-length: 0'],
      '',
    ],
    ['HTTP/1.0', `GET ${B}/menu HTTP/1.0\r\n\r\n`, MENU, [], ''],
    ['an empty Host', get(`${B}/menu`, 'Host:\r\n'), MENU, [], ''],
    ['empty lines before', `\r\n\r\n${get(`${B}/menu`)}`, MENU, [], ''],
    ['two spaces in the first line', `GET  ${B}/menu HTTP/1.1\r\n${HOST}\r\n`, MENU, [], ''],
    ['a URL with another host', get(`http://evil${B}/menu`), MENU, [], ''],
    ['a URL in upper case', get(`HTTP://X${B}/menu`), MENU, [], ''],
    ['a fragment', get(`${B}/menu#x`), MENU, [], ''],
    ['a fragment after the query', get(`${B}/menu?a=b#c?d`), 'GET /menu?a=b HTTP/1.1', [], ''],
    ['slashes before the path', get(`//pizza//1.0.0/menu`), MENU, [], ''],
    ['slashes that would make a host of a segment', get(`${B}///menu`), MENU, [], ''],
    ['slashes within the path', get(`${B}/a//b`), 'GET /a//b HTTP/1.1', [], ''],
    ['dot segments in a query', get(`${B}/menu?a=/../x%00`), 'GET /menu?a=/../x%00 HTTP/1.1', [], ''],
    ['an encoded question mark', get(`${B}/menu%3fa=b`), 'GET /menu%3fa=b HTTP/1.1', [], ''],
    ['an encoded number sign', get(`${B}/menu%23a`), 'GET /menu%23a HTTP/1.1', [], ''],
    ['three dots', get(`${B}/...`), 'GET /... HTTP/1.1', [], ''],
    ['dots in a name', get(`${B}/a..b`), 'GET /a..b HTTP/1.1', [], ''],
    ['an encoded slash in a value', get(`${B}/a%2Fb`), 'GET /a%2Fb HTTP/1.1', [], ''],
    ['parameters of a value', get(`${B}/a;v=1`), 'GET /a;v=1 HTTP/1.1', [], ''],
    [
      'an upgrade to HTTP/2',
      get(`${B}/menu`, `${HOST}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n`),
      MENU,
      [],
      '',
    ],
    ['headers named in Connection', get(`${B}/menu`, `${HOST}Connection: host, x\r\nX: 1\r\nY: 2\r\n`), MENU, ['Y: 2'], ''],
    [
      'credentials twice',
      get(`${B}/menu`, `${HOST}Authorization: Bearer a\r\nauthorization: Bearer b\r\nApiKey: a\r\napikey: b\r\nInternal-Key: a\r\n`),
      MENU,
      [],
      '',
    ],
    [
      'another method in a header',
      get(`${B}/menu`, `${HOST}X-HTTP-Method-Override: DELETE\r\n`),
      MENU,
      ['X-HTTP-Method-Override: DELETE'],
      '',
    ],
  ])('%s', async (_case, bytes, line, headers, body) => {
    const { statuses, seen } = await send(bytes);

    expect(statuses).toEqual([200]);
    expect(seen).toEqual([{ line, headers, body }]);
  });

  it('two requests on one connection are two, each with its own checks', async () => {
    const { statuses, seen } = await send(post('Content-Length: 3\r\n', 'abc') + SMUGGLED + get(`${B}/menu`), 3);

    expect(statuses).toEqual([200, 401, 200]);
    expect(seen.map(({ line }) => line)).toEqual([ECHO, MENU]);
  });

  it.each([
    ['a chunk longer than its size', '3\r\nabcd\r\n0\r\n\r\n'],
    ['a chunk without its end', '3\r\nabc0\r\n\r\n'],
    ['a length in the trailer', '3\r\nabc\r\n0\r\nContent-Length: 9\r\n\r\n'],
    ['chunks in the trailer', '3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a broken trailer', '3\r\nabc\r\n0\r\nX T: 1\r\n\r\n'],
  ])('a body that turns out malformed never gets whole: %s', async (_case, body) => {
    const { statuses, seen } = await send(chunked(body), 2);

    expect(statuses).toEqual([400]);
    expect(seen).toEqual([]);
  });
});

describe('a path that a backend could take for another operation matches none', () => {
  it.each([
    '/./menu',
    '/x/../menu',
    '/x/..',
    '/%2e%2e/menu',
    '/x/%2E%2e/menu',
    '/x/.%2e/menu',
    '/%252e%252e/menu',
    '/%25252e./menu',
    '/x%2f..%2fmenu',
    '/x%252f..%252fmenu',
    '/x%5c..%5cmenu',
    '/..\\menu',
    '/..;/admin',
    '/..;a=b/admin',
    '/..%3b/admin',
    '/%c0%ae%c0%ae/admin',
    '/admin%c0%afusers',
    '/admin%e0%80%afusers',
    '/%u002e%u002e/admin',
    '/admin%00',
    '/admin%2500',
    '/admin%2fusers',
    '/admin%2Fusers/',
    '/admin%252Fusers',
    '/admin%5cusers',
    '/admin%255cusers',
    '/admin\\users',
    '/admin;x=1',
    '/admin;',
    '/;x/admin',
    '/admin;x%2fusers',
    '/admin;a/users;b',
    '/%2fadmin',
  ])('%s', async (path) => {
    const { statuses, seen } = await send(get(B + path));

    expect(statuses).toEqual([404]);
    expect(seen).toEqual([]);
  });

  it.each(['/admin', '/admin/', '//admin', '/%61dmin', '/%61%64min//users', '/admin//'])('%s is the guarded resource', async (path) => {
    const { statuses, seen } = await send(get(B + path));

    expect([statuses, seen]).toEqual([[401], []]);
  });

  it('whatever the method', async () => {
    const { statuses, seen } = await send(`OPTIONS ${B}/admin%2fusers HTTP/1.1\r\n${HOST}\r\n`);

    expect([statuses, seen]).toEqual([[404], []]);
  });

  it.each([
    '/pizza%2f1.0.0/menu',
    '/pizza/1.0.0%2fmenu',
    '/pizza;x/1.0.0/menu',
    '//evil/pizza/1.0.0/menu',
    'http://x?a=/pizza/1.0.0/menu',
  ])('%s lies below no API', async (target) => {
    const { seen } = await send(get(target));

    expect(seen).toEqual([]);
  });
});

it('takes off no header that the gateway itself sets, whatever Connection names', async () => {
  const backend = await startBackend();
  const security = { type: 'basic', username: 'u', secrets: { password: 'p' } } as const;
  const production = { url: backend.url, onTimeout: 'fault' as const, timeoutMs: null, security };
  const other = await TestGateway.start([apiRow(backend.url, { endpoints: { production, sandbox: null } })]);

  await other.call(`${B}/open`, { headers: { Connection: 'authorization, host', Authorization: 'Bearer x' } });

  expect(backend.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
  await other.stop();
  await backend.stop();
});
