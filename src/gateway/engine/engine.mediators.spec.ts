import { type Flows, SequenceGateway } from './sequences.fixture.js';

/** What each mediator does (`reference/mediation.md` §3), over one gateway: every row has a resource of its own. */
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const VALUE = '<property name="X-Value" expression="$ctx:v" scope="transport"/>';
const set = (attributes: string): string => `<property name="v" ${attributes}/>${VALUE}`;

/** What a row sends: a JSON body unless it says otherwise. */
interface Row {
  readonly request: string;
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly path?: string;
}

const json = (request: string, body = '{"a":{"b":"x"},"l":[1,2]}'): Row => ({ request, body });
const xml = (request: string, body = '<r><a>x</a></r>', type = 'application/xml'): Row => ({ request, body, type });

const VALUES: readonly (readonly [string, Row, string | undefined])[] = [
  ['a value', json(set('value="plain"')), 'plain'],
  ['an expression', json(set('expression="json-eval($.a.b)"')), 'x'],
  ['a value rather than an expression', json(set('value="v" expression="json-eval($.a.b)"')), 'v'],
  ['braces in a value as they are', json(set('value="{$ctx:o}"')), '{$ctx:o}'],
  ['a whole number', json(set('value="12" type="INTEGER"')), '12'],
  ['a number', json(set('value="1.50" type="DOUBLE"')), '1.5'],
  ['yes as true', json(set('value="yes" type="BOOLEAN"')), 'true'],
  ['JSON', json(set('value="{ &quot;a&quot; : 1 }" type="JSON"')), '{"a":1}'],
  [
    'an element',
    json('<property name="v"><e xmlns=""><f>1</f></e></property><property name="X-Value" expression="$ctx:v" scope="transport"/>'),
    '<e><f>1</f></e>',
  ],
  ['a part of a text', json(set('value="id-42" pattern="id-(\\d+)" group="1"')), '42'],
  ['nothing where the pattern does not match all of it', json(set('value="id-42x" pattern="id-(\\d+)" group="1"')), ''],
  ['a property that was removed', json(`<property name="v" value="x"/><property name="v" action="remove"/>${VALUE}`), ''],
  [
    'a variable',
    json('<variable name="n" value="5" type="INTEGER"/><property name="X-Value" expression="$var:n" scope="transport"/>'),
    '5',
  ],
  ['a group of properties', json(`<propertyGroup><property name="v" value="g"/></propertyGroup>${VALUE}`), 'g'],
  ['the verb', json(set(`expression="get-property('REST_METHOD')"`)), 'POST'],
  ['the resource', json(set('expression="$ctx:API_ELECTED_RESOURCE"')), '/v15'],
  ['the API', json(set('expression="$ctx:api.ut.api_version"')), 'Pizza:v1.0.0'],
  ['a header, by any letter case', { ...json(set('expression="$trp:x-client"')), headers: { 'X-Client': 'c' } }, 'c'],
  ['a parameter of the query', { ...json(set('expression="$ctx:query.param.q"')), path: '?q=a%20b&q=c' }, 'a b&c'],
];
const named = VALUES.map(([title, row, expected], index) => [title, { ...row, request: row.request }, expected, `/v${index}`] as const);

const BODIES: readonly (readonly [string, Row, string, string])[] = [
  [
    'payloadFactory json puts in text with its quotes escaped',
    json(
      '<payloadFactory media-type="json"><format>{"t":"$1","n":$2,"o":$3}</format><args><arg value="say &quot;hi&quot;"/><arg evaluator="json" expression="$.l[0]"/><arg evaluator="json" expression="$.a"/></args></payloadFactory>',
    ),
    '{"t":"say \\"hi\\"","n":1,"o":{"b":"x"}}',
    'application/json',
  ],
  [
    'payloadFactory stops at a number without an argument',
    json('<payloadFactory media-type="text"><format>$1 $9 $1</format><args><arg value="a"/></args></payloadFactory>'),
    'a $9 $1',
    'text/plain',
  ],
  [
    'payloadFactory json makes JSON of XML',
    json(
      '<payloadFactory media-type="json"><format>{"x":$1}</format><args><arg value="&lt;e&gt;&lt;f&gt;1&lt;/f&gt;&lt;/e&gt;"/></args></payloadFactory>',
    ),
    '{"x":{"e":{"f":1}}}',
    'application/json',
  ],
  [
    'payloadFactory puts literal text in as text',
    json('<payloadFactory media-type="json"><format>{"x":"$1"}</format><args><arg literal="true" value="{}"/></args></payloadFactory>'),
    '{"x":"{}"}',
    'application/json',
  ],
  [
    'payloadFactory quotes texts where it is told to',
    json(
      '<property name="QUOTE_STRING_IN_PAYLOAD_FACTORY_JSON" value="true"/><payloadFactory media-type="json"><format>{"a":$1,"b":$2}</format><args><arg value="t"/><arg value="7"/></args></payloadFactory>',
    ),
    '{"a":"t","b":7}',
    'application/json',
  ],
  [
    'payloadFactory xml escapes text and takes markup as it is',
    json(
      '<payloadFactory><format><m xmlns=""> <t>$1</t> <u>$2</u></m></format><args><arg value="1 &lt; 2"/><arg value="&lt;e/&gt;"/></args></payloadFactory>',
    ),
    '<m><t>1 &lt; 2</t><u><e/></u></m>',
    'application/xml',
  ],
  [
    'payloadFactory xml leaves elements in the namespace of the policy',
    json('<payloadFactory><format><a/></format></payloadFactory>'),
    '<a xmlns="http://ws.apache.org/ns/synapse"/>',
    'application/xml',
  ],
  [
    'payloadFactory with an envelope replaces the envelope',
    xml(
      `<property name="messageType" scope="axis2" value="text/xml"/><payloadFactory><format><s:Envelope xmlns:s="${SOAP}"><s:Body><e xmlns="">$1</e></s:Body></s:Envelope></format><args><arg value="v"/></args></payloadFactory>`,
    ),
    `<s:Envelope xmlns:s="${SOAP}"><s:Body><e>v</e></s:Body></s:Envelope>`,
    'text/xml',
  ],
  [
    'messageType converts JSON to XML, whatever the names of its keys',
    json('<property name="messageType" value="application/xml" scope="axis2"/>', '{"a:b/c":1,"name":"x"}'),
    '<jsonObject><a_JsonReader_58_b_JsonReader_47_c>1</a_JsonReader_58_b_JsonReader_47_c><name>x</name></jsonObject>',
    'application/xml',
  ],
  [
    'messageType converts XML to JSON and keeps the digits',
    xml('<property name="messageType" value="application/json" scope="axis2"/>', '<r><n>25.0000</n><n/></r>'),
    '{"r":{"n":[25.0000,null]}}',
    'application/json',
  ],
  [
    'messageType wraps XML in an envelope',
    xml('<property name="messageType" value="text/xml" scope="axis2"/>'),
    `<soapenv:Envelope xmlns:soapenv="${SOAP}"><soapenv:Body><r><a>x</a></r></soapenv:Body></soapenv:Envelope>`,
    'text/xml',
  ],
  [
    'messageType makes XML of a form',
    {
      request: '<property name="messageType" value="application/xml" scope="axis2"/>',
      body: 'a=1&b=x+y',
      type: 'application/x-www-form-urlencoded',
    },
    '<xformValues><a>1</a><b>x y</b></xformValues>',
    'application/xml',
  ],
  [
    'ContentType names another type and leaves the body',
    json('<property name="ContentType" value="application/vnd.a+json" scope="axis2"/>', '{ "a": 1 }'),
    '{ "a": 1 }',
    'application/vnd.a+json',
  ],
  ['NO_ENTITY_BODY leaves the body out', json('<property name="NO_ENTITY_BODY" value="true" scope="axis2"/>'), '', 'application/json'],
  [
    'enrich replaces in JSON',
    json('<enrich><source type="inline">{"c":1}</source><target xpath="json-eval($.a)"/></enrich>'),
    '{"a":{"c":1},"l":[1,2]}',
    'application/json',
  ],
  [
    'enrich adds a child in JSON',
    json('<enrich><source type="inline">3</source><target action="child" xpath="json-eval($.l)"/></enrich>'),
    '{"a":{"b":"x"},"l":[1,2,3]}',
    'application/json',
  ],
  [
    'enrich takes the body out of a property',
    json('<property name="p" value="[1]"/><enrich><source type="property" property="p"/><target type="body"/></enrich>'),
    '[1]',
    'application/json',
  ],
  [
    'enrich removes from JSON, several at once',
    json('<enrich><source xpath="json-eval($.a.b,$.l[0])"/><target type="body" action="remove"/></enrich>'),
    '{"a":{},"l":[2]}',
    'application/json',
  ],
  [
    'enrich renames a key',
    json('<enrich><source type="inline">z</source><target type="key" xpath="json-eval($.a)"/></enrich>'),
    '{"z":{"b":"x"},"l":[1,2]}',
    'application/json',
  ],
  [
    'enrich moves within JSON',
    json('<enrich><source clone="false" xpath="json-eval($.a.b)"/><target action="child" xpath="json-eval($.l)"/></enrich>'),
    '{"a":{},"l":[1,2,"x"]}',
    'application/json',
  ],
  [
    'enrich makes an inline element the body',
    xml('<enrich><source type="inline"><n xmlns="">1</n></source><target type="body"/></enrich>'),
    '<n>1</n>',
    'application/xml',
  ],
  [
    'makefault makes a SOAP fault',
    xml(`<makefault><code xmlns:s="${SOAP}" value="s:Server"/><reason value="no &amp; no"/><detail>d</detail></makefault>`),
    `<soapenv:Envelope xmlns:soapenv="${SOAP}"><soapenv:Body><soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>no &amp; no</faultstring><detail>d</detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`,
    'text/xml',
  ],
  [
    'header adds a block to the SOAP header',
    xml('<header xmlns:p="urn:p" name="p:Block" value="v"/><property name="messageType" value="text/xml" scope="axis2"/>'),
    `<soapenv:Envelope xmlns:soapenv="${SOAP}"><soapenv:Header><p:Block xmlns:p="urn:p">v</p:Block></soapenv:Header><soapenv:Body><r><a>x</a></r></soapenv:Body></soapenv:Envelope>`,
    'text/xml',
  ],
  [
    'a script replaces the payload',
    json('<script language="js"><![CDATA[mc.setPayloadJSON({n: mc.getPayloadJSON().l.length});]]></script>'),
    '{"n":2}',
    'application/json',
  ],
];
const XPATH_BODIES: typeof BODIES = [
  [
    'enrich replaces an element',
    xml('<enrich><source type="inline"><n xmlns="">1</n></source><target xpath="//a"/></enrich>'),
    '<r><n>1</n></r>',
    'application/xml',
  ],
  [
    'enrich replaces the text of an element',
    xml('<enrich><source type="inline">new</source><target xpath="//a"/></enrich>'),
    '<r><a>new</a></r>',
    'application/xml',
  ],
  [
    'enrich adds a child',
    xml('<enrich><source type="inline"><n xmlns="">1</n></source><target action="child" xpath="//r"/></enrich>'),
    '<r><a>x</a><n>1</n></r>',
    'application/xml',
  ],
  [
    'enrich adds a sibling',
    xml('<enrich><source type="inline"><n xmlns="">1</n></source><target action="sibling" xpath="//a"/></enrich>', '<r><a>x</a><b/></r>'),
    '<r><a>x</a><n>1</n><b/></r>',
    'application/xml',
  ],
  [
    'enrich replaces an attribute',
    xml('<enrich><source type="inline">2</source><target xpath="//a/@i"/></enrich>', '<r><a i="1"/></r>'),
    '<r><a i="2"/></r>',
    'application/xml',
  ],
  [
    'enrich removes an element',
    xml('<enrich><source xpath="//a"/><target type="body" action="remove"/></enrich>', '<r><a/><b/></r>'),
    '<r><b/></r>',
    'application/xml',
  ],
  [
    'enrich takes a part as the body',
    xml('<enrich><source xpath="//b"/><target type="body"/></enrich>', '<r><b><c/></b></r>'),
    '<b><c/></b>',
    'application/xml',
  ],
  [
    'enrich keeps the body in a property and puts it back',
    xml(
      '<enrich><source type="body"/><target type="property" property="p"/></enrich><payloadFactory><format><x xmlns=""/></format></payloadFactory><enrich><source type="property" property="p"/><target type="body"/></enrich>',
    ),
    '<r><a>x</a></r>',
    'application/xml',
  ],
  [
    'payloadFactory makes a SOAP request of JSON, as SOAP-to-REST does',
    json(
      `<property name="messageType" scope="axis2" value="text/xml"/><payloadFactory><format><s:Envelope xmlns:s="${SOAP}"><s:Body><q xmlns="urn:q">$1<n>$2</n></q></s:Body></s:Envelope></format><args><arg expression="//l"/><arg evaluator="json" expression="$.a.b"/></args></payloadFactory>`,
    ),
    `<s:Envelope xmlns:s="${SOAP}"><s:Body><q xmlns="urn:q"><l>1</l><l>2</l><n>x</n></q></s:Body></s:Envelope>`,
    'text/xml',
  ],
];
const EXPRESSION_BODIES: typeof BODIES = [
  [
    'payloadFactory replaces expressions, as texts within quotes and bare as JSON',
    json(
      `<payloadFactory media-type="json"><format>{"t":"$\{payload.a.b}","o":$\{payload.a},"n":$\{payload.l[0] + 1}}</format></payloadFactory>`,
    ),
    '{"t":"x","o":{"b":"x"},"n":2}',
    'application/json',
  ],
];
const bodies = [...BODIES, ...XPATH_BODIES, ...EXPRESSION_BODIES].map(
  ([title, row, body, type], index) => [title, row, body, type, `/b${index}`] as const,
);

const BRANCH = (mediator: string): string => `${mediator}${VALUE}`;
const yes = '<property name="v" value="yes"/>';
const no = '<property name="v" value="no"/>';
const BRANCHES: readonly (readonly [string, string, string])[] = [
  [
    'filter by a pattern takes the whole text',
    BRANCH(`<filter source="'/a'" regex="a"><then>${yes}</then><else>${no}</else></filter>`),
    'no',
  ],
  [
    'filter by a pattern that matches',
    BRANCH(`<filter source="'/a'" regex="/[a-z]"><then>${yes}</then><else>${no}</else></filter>`),
    'yes',
  ],
  ['filter with nothing to match', BRANCH(`<filter source="$ctx:none" regex=".*"><then>${yes}</then><else>${no}</else></filter>`), 'no'],
  ['filter without then', BRANCH(`<filter source="'a'" regex="a">${yes}</filter>`), 'yes'],
  ['filter by JSON that is the text true', BRANCH(`<filter xpath="json-eval($.t)"><then>${yes}</then><else>${no}</else></filter>`), 'yes'],
  ['filter by JSON that is another text', BRANCH(`<filter xpath="json-eval($.a.b)"><then>${yes}</then><else>${no}</else></filter>`), 'no'],
  [
    'switch takes the first case',
    BRANCH(
      `<switch source="'b'"><case regex="a">${no}</case><case regex="b|c">${yes}</case><case regex="b">${no}</case><default>${no}</default></switch>`,
    ),
    'yes',
  ],
  ['switch takes the default', BRANCH(`<switch source="$ctx:none"><case regex=".*">${no}</case><default>${yes}</default></switch>`), 'yes'],
  ['in runs on the way there', BRANCH(`<in>${yes}</in>`), 'yes'],
  ['out does not', BRANCH(`<out>${no}</out>`), ''],
  ['a sequence block', BRANCH(`<sequence name="s">${yes}</sequence>`), 'yes'],
  [
    'rewrite sets a part of a property',
    BRANCH(
      '<property name="u" value="http://h/p?a=1&amp;b=2"/><rewrite inProperty="u" outProperty="v"><rewriterule><action type="set" fragment="port" value="81"/></rewriterule><rewriterule><action type="remove-query-param" fragment="query" value="a"/></rewriterule></rewrite>',
    ),
    'http://h:81/p?b=2',
  ],
  [
    'rewrite replaces by a pattern',
    BRANCH(
      '<property name="u" value="/old/x"/><rewrite inProperty="u" outProperty="v"><rewriterule><action type="replace" fragment="path" regex="old" value="new"/></rewriterule></rewrite>',
    ),
    '/new/x',
  ],
];
const branches = BRANCHES.map(([title, request, expected], index) => [title, request, expected, `/f${index}`] as const);

const FAILURES: readonly (readonly [string, string, string])[] = [
  ['a value that is no number', '<property name="v" value="x" type="INTEGER"/>', '0'],
  ['a payload that is no JSON', '<payloadFactory media-type="json"><format>{"a":</format></payloadFactory>', '0'],
  ['a payload that is no XML', '<payloadFactory><format>no</format></payloadFactory>', '0'],
  ['a sequence that nobody knows', '<sequence key="{$ctx:API_UUID}"/>', '0'],
  ['a line break in a header', '<property name="X" expression="json-eval($.nl)" scope="transport"/>', '0'],
  ['an error that is thrown', '<throwError type="T"/>', 'T'],
  ['a path that names nothing', '<enrich><source type="inline">1</source><target xpath="json-eval($.none.x)"/></enrich>', '0'],
  ['a script that fails', '<script language="js">nobody.knows</script>', '0'],
];
const failures = FAILURES.map(([title, request, code], index) => [title, request, code, `/x${index}`] as const);

let gateway: SequenceGateway;
beforeAll(async () => {
  const resources: Record<string, Flows> = {};
  for (const [, row, , path] of named) resources[path] = { request: row.request };
  for (const [, row, , , path] of bodies) resources[path] = { request: row.request };
  for (const [, request, , path] of [...branches, ...failures]) resources[path] = { request };
  gateway = await SequenceGateway.start(resources);
});
afterAll(() => gateway.stop());

const send = (path: string, { body = '{}', type = 'application/json', headers = {}, path: rest = '' }: Row) =>
  gateway.post(path + rest, body, type, headers);

it.each(named)('a property holds %s', async (_, row, expected, path) => {
  await send(path, row);

  expect(gateway.seen.headers['x-value']).toBe(expected);
});

it.each(bodies)('%s', async (_, row, body, type, path) => {
  const { status, body: answer } = await send(path, row);

  expect([status, answer]).toEqual([200, 'hello']);
  expect([gateway.seen.body, gateway.seen.headers['content-type']]).toEqual([body, type]);
});

it.each(branches)('%s', async (_, request, expected, path) => {
  await send(path, json(request, '{"t":"true","a":{"b":"x"}}'));

  expect(gateway.seen.headers['x-value']).toBe(expected);
});

it.each(failures)('%s is a fault', async (_, request, code, path) => {
  const { status, body } = await send(path, json(request, '{"nl":"a\\r\\nb"}'));

  expect([status, JSON.parse(body).code]).toEqual([500, code]);
});
