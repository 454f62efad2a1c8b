// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of policies are written like this.
import { gzipSync } from 'node:zlib';
import { type Flows, SequenceGateway } from './sequences.fixture.js';

/** What policies that users write make of messages (`reference/mediation.md` §3.5, §6). */
const show = (...expressions: readonly string[]) =>
  `<payloadFactory media-type="text"><format>${expressions.map((_, at) => `$${at + 1}`).join('|')}</format><args>${expressions
    .map((expression) => `<arg expression="${expression}"/>`)
    .join('')}</args></payloadFactory><respond/>`;
const format = (content: string) => `<payloadFactory media-type="xml"><format>${content}</format><args/></payloadFactory><respond/>`;

const resources: Record<string, Flows> = {
  '/element': { request: format('<a xmlns="">${payload.n &lt; 3 &amp;&amp; payload.n &gt; 1 ? "few" : "many"}</a>') },
  '/attribute': { request: format('<a xmlns="" b="${payload.n &lt; 3 ? &quot;few&quot; : &quot;many&quot;}"/>') },
  '/documented': { request: format('<order xmlns="" size="${payload.count &lt; 10 ? \'small\' : \'large\'}"/>') },
  '/entity': { request: format('<a xmlns="">${payload.t == "&amp;lt;"}</a>') },
  '/moved': {
    request:
      '<property name="p" type="OM"><list xmlns=""><item/></list></property>' +
      '<enrich><source clone="false" xpath="$ctx:p//item"/><target type="property" property="taken"/></enrich>' +
      show('count($ctx:p//item)', 'count($ctx:taken)'),
  },
  '/added': {
    request:
      '<property name="p" type="OM"><list xmlns=""/></property>' +
      '<enrich><source type="inline"><item xmlns=""/></source><target xpath="$ctx:p" action="child"/></enrich>' +
      show('count($ctx:p//item)'),
  },
  '/replaced': {
    response: '<payloadFactory media-type="json"><format>{"new":true}</format><args/></payloadFactory>',
  },
  '/ports': {
    request: show("get-property('http.nio.port')", "get-property('https.nio.port')", "get-property('REQUEST_TIMEOUT')"),
  },
  '/analytics': {
    request: `<property name="a" value="b" scope="analytics"/><script language="js">mc.setProperty('a','b','analytics');mc.setProperty('a','b','axis2-client');mc.setProperty('a','b','trace');</script>${show("'ok'")}`,
  },
};

let gateway: SequenceGateway;
beforeAll(async () => {
  gateway = await SequenceGateway.start(resources, (request, reply) => {
    const body = gzipSync('{"old":true}');
    if (request.url === '/replaced')
      reply.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip', 'Content-Length': body.length }).end(body);
    else reply.end();
  });
});
afterAll(() => gateway.stop());

it.each([
  ['compares, in an element', '/element', '{"n":2}', '<a>few</a>'],
  ['compares, in an attribute', '/attribute', '{"n":7}', '<a b="many"/>'],
  ['is as documented', '/documented', '{"count":3}', '<order size="small"/>'],
  ['holds an entity in a text', '/entity', '{"t":"&lt;"}', '<a>true</a>'],
])('an expression in an XML format that %s is evaluated as written', async (_, path, body, expected) => {
  const answer = await gateway.post(path, body);

  expect(answer.body).toBe(expected);
});

it.each([
  ['taken from a property', '/moved', '0|1'],
  ['added to a property', '/added', '1'],
])('what one request has %s is not missing or found in the next', async (_, path, expected) => {
  const bodies = [await gateway.post(path, '{}'), await gateway.post(path, '{}'), await gateway.post(path, '{}')].map(({ body }) => body);

  expect(bodies).toEqual([expected, expected, expected]);
});

it('announces a replaced body without the encoding of the old one', async () => {
  const answer = await gateway.call('/replaced');

  expect([answer.headers['content-encoding'], answer.body]).toEqual([undefined, '{"new":true}']);
});

it('tells the ports it listens on', async () => {
  const { body } = await gateway.post('/ports', '{}');

  expect(body).toMatch(/^\d+\|\|$/);
});

it('takes scopes that nobody reads, in both forms of policies', async () => {
  const answer = await gateway.post('/analytics', '{}');

  expect([answer.status, answer.body]).toEqual([200, 'ok']);
});

describe('variables of the path', () => {
  const set = (name: string, value: string) => `<property name="${name}" value="${value}"/>`;
  let own: SequenceGateway;
  beforeAll(async () => {
    own = await SequenceGateway.start(
      {
        '/pets/{id}': {},
        '/set/{id}': { request: set('uri.var.id', 'a/b c?é') },
        '/raw/{name}': { request: set('uri.var.rest', 'x/y%20z') },
        '/gone/{id}': { request: '<property name="uri.var.id" action="remove"/>' },
        '/script/{id}': { request: `<script language="js">mc.setProperty('uri.var.id', 'js')</script>` },
        '/new': { request: set('uri.var.id', 'fresh') },
        '/query?q={word}': { request: show('$ctx:uri.var.word') },
        '/seg/{a}.{b}/{c}': { request: show('$ctx:uri.var.a', '$ctx:uri.var.b', '$ctx:uri.var.c') },
      },
      undefined,
      (url) => ({
        endpoints: { production: { url: `${url}/at/{uri.var.id}/{+uri.var.rest}`, onTimeout: 'fault', timeoutMs: null }, sandbox: null },
      }),
    );
  });
  afterAll(() => own.stop());

  it.each([
    ['as sent', '/pets/7%2F8', '/at/7%2F8//pets/7%2F8'],
    ['as a policy sets them, encoded', '/set/7', '/at/a%2Fb%20c%3F%C3%A9//set/7'],
    ['as a policy sets them, raw', '/raw/7', '/at//x/y%20z/raw/7'],
    ['not where a policy removes them', '/gone/7', '/at///gone/7'],
    ['as a script sets them', '/script/7', '/at/js//script/7'],
    ['where the path has none', '/new', '/at/fresh//new'],
  ])('feed the address of the endpoint %s', async (_, path, expected) => {
    await own.call(path);

    expect(own.seen.url).toBe(expected);
  });

  it.each([
    ['/query?q=a%20b+c', 'a b c'],
    ['/seg/x.y%2Fz/%C3%A9+', 'x|y/z|é+'],
  ])('are read decoded: %s', async (path, expected) => {
    expect((await own.call(path)).body).toBe(expected);
  });
});
