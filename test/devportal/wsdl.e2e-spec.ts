import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { HiddenApi } from '../../src/apis/portal/portal-apis.queries.js';
import { calculatorFiles, calculatorWsdl, calculatorWsdl20 } from '../../src/apis/wsdl/wsdl.fixture.js';
import { LinkRefused, ResourceTypeUnknown, WsdlNotFound } from '../../src/apis/wsdl/wsdl.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { unzip, zip } from '../support/archives.js';
import { type Body, type FormField, management, NOBODY, type RequestOptions } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { unique } from '../support/unique.js';

const BACKEND = 'http://backend.example:8080/calculator';

let admin: Actor;
let domain: string;
beforeAll(async () => {
  ({ admin, domain } = await given.organization());
});

interface SoapOptions {
  readonly file?: string | Uint8Array;
  readonly name?: string;
  readonly with?: Body;
  readonly deployed?: boolean;
  readonly published?: boolean;
}

const soapApi = async (options: SoapOptions = {}): Promise<GivenApi> => {
  const { file = calculatorWsdl(BACKEND), name: fileName = 'calculator.wsdl', deployed = true, published = true } = options;
  const name = unique('Soap');
  const properties = { name, context: `/${name.toLowerCase()}`, version: '1.0.0', policies: ['Unlimited'], ...options.with };
  const form: Record<string, FormField> = {
    file: { file, name: fileName, type: 'application/octet-stream' },
    additionalProperties: JSON.stringify(properties),
  };
  const api = expected(await admin.publisher<GivenApi>('POST /apis/import-wsdl', { form }), 201);
  if (published) expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
  if (deployed) await given.deployment(api, admin);
  return { ...api, url: `${api.context}/1.0.0` };
};

const wsdlOf = (apiId: string, by = admin, options: RequestOptions = {}) =>
  by.devportal<string | Uint8Array>('GET /apis/{apiId}/wsdl', { path: { apiId }, ...options });
const locationsIn = (text: unknown): readonly string[] =>
  [...String(text).matchAll(/(?:location|address)="([^"]*)"/g)].map(([, location = '']) => location);

/** Where the gateway of the environment says that it serves the API. */
const gatewayOf = async ({ id }: GivenApi): Promise<{ readonly http: string; readonly https: string; readonly wsdlUri: unknown }> => {
  const api = expected(
    await admin.devportal<{ wsdlUri: unknown; endpointURLs: readonly { URLs: { http: string; https: string } }[] }>('GET /apis/{apiId}', {
      path: { apiId: id },
    }),
    200,
  );
  const { http = '', https = '' } = api.endpointURLs[0]?.URLs ?? {};
  return { http, https, wsdlUri: api.wsdlUri };
};

describe('GET /apis/{apiId}/wsdl', () => {
  it.each([
    ['1.1', calculatorWsdl(BACKEND), 2],
    ['2.0', calculatorWsdl20(BACKEND), 1],
  ])('leads to the gateway of the environment (WSDL %s)', async (_, file, count) => {
    const api = await soapApi({ file });
    const { https, wsdlUri } = await gatewayOf(api);

    const answer = await wsdlOf(api.id, admin, { query: { environmentName: 'Default' } });

    expect(wsdlUri).toBe(`/apis/${api.id}/wsdl`);
    expect(https).toMatch(new RegExp(`^https://localhost:\\d+/t/${domain}/.+/1\\.0\\.0$`));
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml' } });
    expect(locationsIn(answer.body)).toEqual(Array(count).fill(https));
    expect(String(answer.body)).not.toContain('backend.example');
  });

  it('leads to the http port where the API has no other', async () => {
    const api = await soapApi({ with: { transport: ['http'] } });
    const { http } = await gatewayOf(api);

    const { body } = await wsdlOf(api.id);

    expect(http).toMatch(/^http:/);
    expect(locationsIn(body)).toEqual([http, http]);
  });

  it('gives an archive whole, or its main document alone', async () => {
    const api = await soapApi({ file: await zip(calculatorFiles(BACKEND)), name: 'calculator.zip' });
    const { https } = await gatewayOf(api);

    const whole = await wsdlOf(api.id);
    const alone = await wsdlOf(api.id, admin, { query: { format: 'wsdl' } });

    expect(whole).toMatchObject({ status: 200, headers: { 'content-type': 'application/zip' } });
    const files = await unzip(whole.body as Uint8Array);
    expect([...files.keys()]).toEqual(Object.keys(calculatorFiles(BACKEND)));
    expect(String(files.get('calculator/service.wsdl'))).not.toContain('backend.example');
    expect(alone).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml' } });
    expect(String(alone.body)).toContain(https);
  });

  it('does not give the backend away where the API is not deployed', async () => {
    const api = await soapApi({ deployed: false });

    const { status, body } = await wsdlOf(api.id);

    expect(status).toBe(200);
    expect(locationsIn(body)).toEqual([api.url, api.url]);
  });

  it('gives another one as soon as it is replaced', async () => {
    const { id } = await soapApi();
    expect(String((await wsdlOf(id)).body)).toContain('<!-- A calculator. -->');
    const file = { file: calculatorWsdl(BACKEND).replace('A calculator', 'Another one'), name: 'calculator.wsdl' };
    expected(await admin.publisher('PUT /apis/{apiId}/wsdl', { path: { apiId: id }, form: { file } }), 200);

    expect(String((await wsdlOf(id)).body)).toContain('<!-- Another one. -->');
  });

  it('answers 304 to who knows it', async () => {
    const { id } = await soapApi();
    const { etag = '' } = (await wsdlOf(id)).headers;

    expect((await wsdlOf(id, admin, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('knows no environment that the API is not deployed to', async () => {
    const { id } = await soapApi();

    expect(await wsdlOf(id, admin, { query: { environmentName: 'Nowhere' } })).toMatchObject({ status: 404, body: { code: 404 } });
  });

  it('is open to guests of the tenant, and to nobody else', async () => {
    const { id } = await soapApi();
    const { admin: other } = await given.organization();

    const guest = await wsdlOf(id, admin, { as: NOBODY, headers: { 'x-wso2-tenant': domain } });

    expect(guest.status).toBe(200);
    expect(await wsdlOf(id, admin, { as: NOBODY })).toFailWith(ApiNotFound(id));
    expect(await wsdlOf(id, other)).toFailWith(ApiNotFound(id));
  });

  it('hides that of an API that the viewer may not see, and of one that is not published', async () => {
    const subscriber = await given.user({ by: admin, roles: ['Internal/subscriber'] });
    const restricted = await soapApi({ with: { visibility: 'RESTRICTED', visibleRoles: ['admin'] } });
    const unpublished = await soapApi({ published: false });

    expect(await wsdlOf(restricted.id, subscriber)).toFailWith(ApiNotFound(restricted.id));
    expect(await wsdlOf(restricted.id, admin, { as: NOBODY, headers: { 'x-wso2-tenant': domain } })).toFailWith(ApiNotFound(restricted.id));
    expect((await wsdlOf(restricted.id)).status).toBe(200);
    expect(await wsdlOf(unpublished.id)).toFailWith(HiddenApi());
  });

  it('is refused of an API without one', async () => {
    const { id, name, version } = await given.publishedApi({ by: admin });

    expect(await wsdlOf(id)).toFailWith(WsdlNotFound(name, version));
    expect(await admin.devportal('GET /apis/{apiId}', { path: { apiId: id } })).toMatchObject({ body: { wsdlUri: null } });
  });
});

describe('POST /apis/{apiId}/generate-definition-url', () => {
  const linkTo = (apiId: string, by = admin, options: RequestOptions = {}) =>
    by.devportal<string>('POST /apis/{apiId}/generate-definition-url', { path: { apiId }, query: { type: 'wsdl' }, ...options });
  const opened = (url: string) => {
    const { pathname, searchParams } = new URL(url);
    return management.request<string>(`GET ${pathname}`, { as: NOBODY, query: Object.fromEntries(searchParams) });
  };

  it('gives an address that opens without signing in what its maker may see', async () => {
    const api = await soapApi({ with: { visibility: 'RESTRICTED', visibleRoles: ['admin'] } });
    expect(await wsdlOf(api.id, admin, { as: NOBODY, headers: { 'x-wso2-tenant': domain } })).toMatchObject({ status: 404 });

    const link = expected(await linkTo(api.id), 200);

    const answer = await opened(link);
    expect(answer.status).toBe(200);
    expect(locationsIn(answer.body)).toContain((await gatewayOf(api)).https);
  });

  it('gives one that opens no longer when its maker may no longer see the API, nor when it was changed', async () => {
    const api = await soapApi({ with: { visibility: 'RESTRICTED', visibleRoles: ['Internal/subscriber'] } });
    const another = await soapApi({ with: { visibility: 'RESTRICTED', visibleRoles: ['admin'] } });
    const member = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const link = expected(await linkTo(api.id, member), 200);

    expect(await opened(link)).toMatchObject({ status: 200 });
    expect(await opened(link.replace(api.id, another.id))).toFailWith(LinkRefused());
    expect(await opened(link.replace(/exp=\d/, 'exp=9'))).toFailWith(LinkRefused());
    expect(await opened(`${link}x`)).toFailWith(LinkRefused());
    expect(await opened(link.replace(encodeURIComponent(domain), 'carbon.super'))).toFailWith(LinkRefused());
    const current = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path: { apiId: api.id } }), 200);
    const body = { ...current, visibleRoles: ['admin'] };
    expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, body }), 200);

    expect(await opened(link)).toFailWith(ApiNotFound);
  });

  it('refuses another type, an API without a WSDL and what the caller may not see', async () => {
    const soap = await soapApi();
    const plain = await given.publishedApi({ by: admin });
    const stranger = (await given.organization()).admin;

    expect(await linkTo(soap.id, admin, { query: { type: 'graphql' } })).toFailWith(ResourceTypeUnknown());
    expect(await linkTo(soap.id, admin, { query: {} })).toFailWith(ResourceTypeUnknown());
    expect(await linkTo(plain.id)).toFailWith(WsdlNotFound);
    expect(await linkTo(soap.id, stranger)).toFailWith(ApiNotFound);
    expect(await linkTo(soap.id, admin, { as: { bearer: 'none' } })).toMatchObject({ status: 401 });
  });
});
