import { ApiNotFound, ImportedNameTooLong, InvalidAdditionalProperties } from '../../src/apis/apis.problems.js';
import { LiveApiNeedsPublisher } from '../../src/apis/apis-for-change.js';
import { ContentTooLarge } from '../../src/apis/definitions/definitions.problems.js';
import { CALCULATOR, calculatorFiles, calculatorWsdl, calculatorWsdl20, SCHEMA } from '../../src/apis/wsdl/wsdl.fixture.js';
import {
  WsdlArchiveEmpty,
  WsdlExtensionUnsupported,
  WsdlNotFound,
  WsdlNotRecognized,
  WsdlUnprocessable,
  WsdlUnusableUrl,
  WsdlUrlNotRecognized,
} from '../../src/apis/wsdl/wsdl.problems.js';
import { BadRequest, Forbidden, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type ArchiveContents, exported, importArchive, imported, unzip, zip } from '../support/archives.js';
import type { Body, FormField } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const LOCATION = 'http://127.0.0.1:9/calculator';
const WSDL = calculatorWsdl(LOCATION);
const ENDPOINTS = [
  { name: 'CalculatorSoap', location: LOCATION },
  { name: 'CalculatorSoap12', location: LOCATION },
];

let admin: Actor;
let other: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
  ({ admin: other } = await given.organization());
});

type Form = Readonly<Record<string, FormField>>;
const asFile = (file: string | Uint8Array, name = 'calculator.wsdl'): Form => ({ file: { file, name, type: 'text/xml' } });
const asZip = async (files: ArchiveContents): Promise<Form> => asFile(await zip(files), 'calculator.zip');

const properties = (further: Body = {}): Body => {
  const name = unique('Soap');
  return { name, context: `/${name.toLowerCase()}`, version: '1.0.0', policies: ['Unlimited'], ...further };
};

interface SoapApi extends Body {
  readonly id: string;
  readonly name: string;
}
const importing = (form: Form, { by = admin, further = {} }: { readonly by?: Actor; readonly further?: Body } = {}) =>
  by.publisher<SoapApi>('POST /apis/import-wsdl', { form: { additionalProperties: JSON.stringify(properties(further)), ...form } });
const made = async (form: Form = asFile(WSDL)): Promise<SoapApi> => expected(await importing(form), 201);
const wsdlOf = (apiId: string, by = admin) => by.publisher<string | Uint8Array>('GET /apis/{apiId}/wsdl', { path: { apiId } });
const infoOf = (apiId: string, by = admin) => by.publisher('GET /apis/{apiId}/wsdl-info', { path: { apiId } });
const replace = (apiId: string, form: Form, { by = admin, headers = {} }: { by?: Actor; headers?: Record<string, string> } = {}) =>
  by.publisher('PUT /apis/{apiId}/wsdl', { path: { apiId }, form, headers });

describe('POST /apis/validate-wsdl', () => {
  const validate = (form: Form, by = admin) => by.publisher('POST /apis/validate-wsdl', { form });

  it.each([
    ['1.1', WSDL, ENDPOINTS],
    ['2.0', calculatorWsdl20(LOCATION), ENDPOINTS.slice(0, 1)],
  ])('tells the endpoints of WSDL %s', async (version, text, endpoints) => {
    const answer = await validate(asFile(text));

    expect(answer).toMatchObject({ status: 200, body: { isValid: true, errors: [], wsdlInfo: { version, endpoints } } });
  });

  it('tells those of an archive', async () => {
    const answer = await validate(await asZip(calculatorFiles(LOCATION)));

    expect(answer).toMatchObject({ status: 200, body: { isValid: true, wsdlInfo: { version: '1.1', endpoints: ENDPOINTS } } });
  });

  it('tells those of an address', async () => {
    const backend = await given.backend((_, reply) => reply.end(WSDL));

    const answer = await validate({ url: `${backend.url}/calculator?wsdl` });

    expect(answer).toMatchObject({ status: 200, body: { isValid: true, wsdlInfo: { endpoints: ENDPOINTS } } });
  });

  it.each([
    ['another document', asFile('<a/>'), 900682],
    ['a broken one', asFile('<wsdl'), 900676],
    ['a document type', asFile(`<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">${WSDL.replace(/^<\?xml.*\n/, '')}`), 900676],
    ['a name of another kind', asFile(WSDL, 'calculator.txt'), 900686],
    ['an address that nobody answers at', { url: 'http://127.0.0.1:9/' }, 900675],
    ['no address', { url: 'ftp://calculator' }, 900675],
    ['the metadata service of a cloud', { url: 'http://169.254.169.254/latest' }, 900675],
  ])('finds %s invalid', async (_, form, code) => {
    const answer = await validate(form);

    expect(answer).toMatchObject({ status: 200, body: { isValid: false, errors: [{ code: String(code) }] } });
  });

  it('says which network it does not fetch from', async () => {
    const redirecting = await given.backend((_, reply) => reply.writeHead(302, { location: 'http://169.254.169.254/' }).end());

    const { body } = await validate({ url: redirecting.url });

    expect(body).toMatchObject({ errors: [{ description: expect.stringContaining('is on a network that is not fetched from') }] });
  });

  it('asks for a WSDL', async () =>
    expect(await validate({ url: '' })).toFailWith(BadRequest('A WSDL is needed: give one of file and url.')));

  it('needs the scope', async () => expect(await validate(asFile(WSDL), admin.withScopes('apim:api_view'))).toFailWith(Unauthenticated));
});

describe('POST /apis/import-wsdl', () => {
  it('makes an API with one resource, which leads where the WSDL says', async () => {
    const answer = await importing(asFile(WSDL));

    const { id, name } = answer.body;
    expect(answer).toMatchObject({
      status: 201,
      headers: { location: expect.stringContaining(`/apis/${id}`) },
      body: {
        type: 'SOAP',
        operations: [{ target: '/*', verb: 'POST' }],
        wsdlInfo: { type: 'WSDL' },
        wsdlUrl: `/t/${admin.organization}/apimgt/applicationdata/wsdls/admin-AT-${admin.organization}--${name}1.0.0.wsdl`,
        endpointConfig: { endpoint_type: 'address', production_endpoints: { url: LOCATION } },
      },
    });
    const swagger = expected(await admin.publisher('GET /apis/{apiId}/swagger', { path: { apiId: id } }), 200);
    expect(swagger).toMatchObject({
      paths: { '/*': { post: { parameters: [{ name: 'SOAPAction', in: 'header' }], requestBody: { content: { 'text/xml': {} } } } } },
    });
    expect(await wsdlOf(id)).toMatchObject({ status: 200, body: WSDL, headers: { 'content-type': 'text/xml' } });
    expect(await infoOf(id)).toMatchObject({ status: 200, body: { type: 'WSDL' } });
  });

  it('keeps an archive as it was given', async () => {
    const form = await asZip(calculatorFiles(LOCATION));

    const { id, wsdlInfo } = await made(form);

    const { headers, body } = await wsdlOf(id);
    expect(wsdlInfo).toEqual({ type: 'ZIP' });
    expect(headers).toMatchObject({ 'content-type': 'application/zip', 'content-disposition': expect.stringContaining('-1.0.0.zip"') });
    expect([...(await unzip(body as Uint8Array)).keys()]).toEqual(Object.keys(calculatorFiles(LOCATION)));
    expect(await infoOf(id)).toMatchObject({ body: { type: 'ZIP' } });
  });

  it('fetches a WSDL with what it refers to on its server', async () => {
    const imports = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:import schemaLocation="calculator?xsd=1"/></xs:schema>';
    const backend = await given.backend((request, reply) =>
      reply.end(request.url === '/calculator?wsdl' ? calculatorWsdl(LOCATION, imports) : SCHEMA),
    );

    const { id } = await made({ url: `${backend.url}/calculator?wsdl` });

    const files = await unzip((await wsdlOf(id)).body as Uint8Array);
    expect([...files.keys()]).toEqual(['service.wsdl', 'part1.xsd']);
    expect(String(files.get('service.wsdl'))).toContain('schemaLocation="part1.xsd"');
  });

  it('takes the endpoints that are given', async () => {
    const url = 'http://127.0.0.1:8/other';

    const answer = await importing(asFile(WSDL), {
      further: { endpointConfig: { endpoint_type: 'http', production_endpoints: { url } } },
    });

    expect(answer).toMatchObject({ status: 201, body: { endpointConfig: { endpoint_type: 'http', production_endpoints: { url } } } });
  });

  it.each([
    ['another document', asFile('<a/>'), WsdlNotRecognized],
    ['a broken one', asFile('<wsdl'), WsdlUnprocessable],
    ['a name of another kind', asFile(WSDL, 'calculator.xml'), WsdlExtensionUnsupported],
    ['an address that nobody answers at', { url: 'http://127.0.0.1:9/' }, WsdlUnusableUrl],
    ['an unknown kind of implementation', { ...asFile(WSDL), implementationType: 'HTTP_BINDING' }, BadRequest],
    ['properties that are no JSON', { ...asFile(WSDL), additionalProperties: '{' }, InvalidAdditionalProperties],
    ['no properties', { ...asFile(WSDL), additionalProperties: '' }, InvalidAdditionalProperties],
    [
      'a name that is too long',
      { ...asFile(WSDL), additionalProperties: JSON.stringify({ ...properties(), name: 'n'.repeat(61) }) },
      ImportedNameTooLong,
    ],
    [
      'a REST face of a WSDL without operations',
      { ...asFile('<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>'), implementationType: 'SOAPTOREST' },
      WsdlUnprocessable,
    ],
  ])('refuses %s', async (_, form, problem) => {
    const answer = await importing(form);

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: problem.code });
  });

  it('refuses an address that answers something else', async () => {
    const backend = await given.backend((_, reply) => reply.end('<html/>'));

    expect(await importing({ url: backend.url })).toFailWith(WsdlUrlNotRecognized);
  });

  it('refuses an archive without a WSDL, one that unpacks to more than is read, and one that leads out of itself', async () => {
    expect(await importing(await asZip({ 'a.xsd': SCHEMA }))).toFailWith(WsdlArchiveEmpty);
    const bomb = await zip({ 'a.wsdl': WSDL, 'zeros.bin': Buffer.alloc(41 * 1_048_576) });
    expect(bomb.length).toBeLessThan(1_048_576);
    expect((await importing(asFile(bomb, 'a.zip'))).body).toMatchObject({ code: 900676, description: expect.stringContaining('unpacks') });
    const outside = Buffer.from((await zip({ 'aa/a.wsdl': WSDL })).toString('latin1').replaceAll('aa/a.wsdl', '../a.wsdl'), 'latin1');
    expect((await importing(asFile(outside, 'a.zip'))).body).toMatchObject({
      code: 900676,
      description: expect.stringContaining('../a.wsdl'),
    });
  });

  it('refuses what is larger than the limit', async () => {
    const large = WSDL.replace('A calculator', 'x'.repeat(10 * 1_048_576));

    expect(await importing(asFile(large))).toFailWith(ContentTooLarge);
  });

  it('reads one that is nearly that large', async () => {
    const element = '<xs:element name="E" type="xs:string"/>';
    const count = Math.floor((9.5 * 1_048_576) / (element.length + 6));
    const many = Array.from({ length: count }, (_, index) => element.replace('"E"', `"E${index}"`)).join('');

    const answer = await importing(asFile(calculatorWsdl(LOCATION, SCHEMA.replace('</xs:schema>', `${many}</xs:schema>`))));

    expect(answer.status).toBe(201);
  });

  it('needs the scope, and stores nothing when the API is refused', async () => {
    expect(await importing(asFile(WSDL), { by: admin.withScopes('apim:api_view', 'apim:api_publish') })).toFailWith(Unauthenticated);
    const { name, context } = await made();

    const again = await importing(asFile(WSDL), { further: { name, context } });

    expect(again).toMatchObject({ status: 409, body: { code: 900300 } });
  });
});

describe('a REST face', () => {
  const resources = async (apiId: string, sequenceType: string) => {
    const query = { sequenceType };
    const { list } = expected(
      await admin.publisher<{ list: readonly { resourcePath: string; httpVerb: string; content: string }[] }>(
        'GET /apis/{apiId}/resource-policies',
        { path: { apiId }, query },
      ),
      200,
    );
    return list;
  };

  it.each([
    ['a WSDL 1.1', asFile(WSDL)],
    ['a WSDL 2.0', asFile(calculatorWsdl20(LOCATION))],
  ])('of %s has a resource for each operation, with a definition and translations', async (_, form) => {
    const api = await made({ ...form, implementationType: 'SOAPTOREST' });

    expect(api).toMatchObject({ type: 'SOAPTOREST', operations: [{ target: '/add', verb: 'POST' }], wsdlInfo: { type: 'WSDL' } });
    const swagger = expected(await admin.publisher('GET /apis/{apiId}/swagger', { path: { apiId: api.id } }), 200);
    expect(swagger).toMatchObject({
      paths: { '/add': { post: { operationId: 'Add', requestBody: { content: { 'application/json': {} } } } } },
      components: {
        schemas: {
          Add: {
            type: 'object',
            required: ['summand'],
            properties: { summand: { type: 'array', items: { type: 'integer' } }, note: { $ref: '#/components/schemas/Note' } },
          },
          Note: { properties: { '@lang': { type: 'string' } } },
          AddResponse: { properties: { sum: { type: 'integer' } } },
        },
      },
    });
    for (const direction of ['in', 'out']) {
      expect(await resources(api.id, direction)).toMatchObject([{ resourcePath: 'add', httpVerb: 'post' }]);
    }
  });

  it('of an archive finds its types in the schemas', async () => {
    const api = await made({ ...(await asZip(calculatorFiles(LOCATION))), implementationType: 'SOAPTOREST' });

    const [policy] = await resources(api.id, 'in');
    expect(policy?.content).toContain(`{"name":"summand","namespace":"${CALCULATOR}"}`);
  });
});

describe('GET and PUT /apis/{apiId}/wsdl', () => {
  const CHANGED = calculatorWsdl('http://127.0.0.1:7/changed');

  it('replaces the WSDL by another one, or by an archive', async () => {
    const { id } = await made();

    const answer = await replace(id, asFile(CHANGED));

    expect(answer).toMatchObject({ status: 200, body: undefined });
    expect((await wsdlOf(id)).body).toBe(CHANGED);
    expect((await replace(id, await asZip(calculatorFiles(LOCATION)))).status).toBe(200);
    expect(await infoOf(id)).toMatchObject({ body: { type: 'ZIP' } });
    expect(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } })).toMatchObject({ body: { wsdlInfo: { type: 'ZIP' } } });
  });

  it('replaces it from an address', async () => {
    const { id } = await made();
    const backend = await given.backend((_, reply) => reply.end(CHANGED));

    expect((await replace(id, { url: backend.url })).status).toBe(200);
    expect((await wsdlOf(id)).body).toBe(CHANGED);
  });

  it('loses nothing by one that is refused', async () => {
    const { id } = await made();

    expect(await replace(id, asFile('<a/>'))).toFailWith(WsdlNotRecognized);
    expect((await wsdlOf(id)).body).toBe(WSDL);
  });

  it('answers 304 to who knows it, and refuses a change of what somebody else changed', async () => {
    const { id } = await made();
    const { etag = '' } = (await wsdlOf(id)).headers;

    const path = { apiId: id };
    expect((await admin.publisher('GET /apis/{apiId}/wsdl', { path, headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await replace(id, asFile(CHANGED), { headers: { 'if-match': etag } })).status).toBe(200);
    expect(await replace(id, asFile(WSDL), { headers: { 'if-match': etag } })).toFailWith(PreconditionFailed);
  });

  it('knows of none where there is none', async () => {
    const { id, name, version } = await given.api({ by: admin });

    expect(await wsdlOf(id)).toFailWith(WsdlNotFound(name, version));
    expect(await infoOf(id)).toFailWith(WsdlNotFound(name, version));
    expect(await replace(id, asFile(WSDL))).toFailWith(BadRequest);
    const path = { apiId: id };
    const body = { ...(await admin.publisher('GET /apis/{apiId}', { path })).body, wsdlInfo: { type: 'WSDL' } };
    expect(await admin.publisher('PUT /apis/{apiId}', { path, body })).toMatchObject({ status: 200, body: { wsdlInfo: null } });
  });

  it('hides it from other tenants and from those without the scope', async () => {
    const { id } = await made();

    for (const call of [wsdlOf, infoOf]) {
      expect(await call(id, other)).toFailWith(ApiNotFound(id));
      expect(await call(id, admin.withScopes('apim:api_create'))).toFailWith(Unauthenticated);
    }
    expect(await replace(id, asFile(WSDL), { by: other })).toFailWith(ApiNotFound(id));
    expect(await replace(id, asFile(WSDL), { by: admin.withScopes('apim:api_view') })).toFailWith(Unauthenticated);
  });

  it('keeps out those whom the access roles keep out, and creators once it is published', async () => {
    const creator = await given.user({ by: admin, roles: ['Internal/creator'] });
    const { id } = await made();
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);

    expect(await replace(id, asFile(CHANGED), { by: creator })).toFailWith(LiveApiNeedsPublisher('PUBLISHED'));

    const closed = expected(
      await importing(asFile(WSDL), { further: { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] } }),
      201,
    );
    expect(await wsdlOf(closed.id, creator)).toFailWith(Forbidden);
  });
});

describe('a WSDL', () => {
  const CHANGED = calculatorWsdl('http://127.0.0.1:7/changed');

  it('stays when the API is updated', async () => {
    const api = await made();
    const { wsdlInfo, ...sent } = api;

    const answer = await admin.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, body: { ...sent, description: 'New' } });

    expect(answer).toMatchObject({ status: 200, body: { description: 'New', wsdlInfo } });
    expect((await wsdlOf(api.id)).body).toBe(WSDL);
  });

  it('goes along into a new version, and is its own there', async () => {
    const { id } = await made();
    const query = { apiId: id, newVersion: '2.0.0' };

    const copy = expected(await admin.publisher<SoapApi>('POST /apis/copy-api', { query }), 201);

    expect(copy['wsdlInfo']).toEqual({ type: 'WSDL' });
    expected(await replace(copy.id, asFile(CHANGED)), 200);
    expect((await wsdlOf(copy.id)).body).toBe(CHANGED);
    expect((await wsdlOf(id)).body).toBe(WSDL);
  });

  it('is kept with revisions, and comes back when one is restored', async () => {
    const { id } = await made();
    const path = { apiId: id };
    const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    expected(await replace(id, await asZip(calculatorFiles(LOCATION))), 200);

    const restored = await admin.publisher('POST /apis/{apiId}/restore-revision', { path, query: { revisionId: revision.id } });

    expect(restored).toMatchObject({ status: 201, body: { wsdlInfo: { type: 'WSDL' } } });
    expect((await wsdlOf(id)).body).toBe(WSDL);
  });

  it.each([
    ['WSDL', asFile(WSDL), '.wsdl'],
    ['ZIP', asZip(calculatorFiles(LOCATION)), '.zip'],
  ])('travels with the archive of the API (%s)', async (type, form, extension) => {
    const { id, name } = await made(await form);

    const archive = await exported(admin, { apiId: id });

    const path = `${name}-1.0.0/WSDL/${name}-1.0.0${extension}`;
    const { body } = await wsdlOf(id);
    expect((await unzip(archive)).get(path)).toEqual(Buffer.from(body as string));
    const copy = await imported(other, archive, { preserveProvider: false });
    expect(Buffer.from((await wsdlOf(copy.id, other)).body as string)).toEqual(Buffer.from(body as string));
    expect(await infoOf(copy.id, other)).toMatchObject({ body: { type } });
  });

  it('is that of the archive when an import overwrites the API, and that of the revision when one is exported', async () => {
    const { id, name } = await made();
    const path = { apiId: id };
    expected(await admin.publisher('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    expected(await replace(id, asFile(CHANGED)), 200);

    const archive = await exported(admin, { apiId: id, revisionNumber: '1' });
    expect(String((await unzip(archive)).get(`${name}-1.0.0/WSDL/${name}-1.0.0.wsdl`))).toBe(WSDL);
    await imported(admin, archive, { overwrite: true });

    expect((await wsdlOf(id)).body).toBe(WSDL);
  });

  it('that is none makes its archive fail', async () => {
    const { id } = await made();
    const files = await unzip(await exported(admin, { apiId: id }));
    const broken = Object.fromEntries([...files].map(([path, content]) => [path, path.includes('/WSDL/') ? '<a/>' : content]));

    expect(await importArchive(admin, broken, { overwrite: true })).toFailWith(WsdlNotRecognized);
    expect((await wsdlOf(id)).body).toBe(WSDL);
  });

  it('goes with its API', async () => {
    const { id } = await made();
    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: id } }), 200);

    expect(await wsdlOf(id)).toFailWith(ApiNotFound(id));
  });
});
