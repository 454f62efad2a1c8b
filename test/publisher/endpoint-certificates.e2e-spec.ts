import {
  AliasExists,
  CertificateExpired,
  CertificateNotFound,
  UnreadableCertificate,
} from '../../src/apis/certificates/certificates.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { certificate, derOf, upload } from '../support/certificates.js';
import type { FormField, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Certificate {
  readonly alias: string;
  readonly endpoint: string;
}
interface List {
  readonly count: number;
  readonly certificates: readonly Certificate[];
  readonly pagination: { readonly total: number; readonly next: string };
}
interface Usage {
  readonly count: number;
  readonly list: readonly { readonly id: string; readonly name: string; readonly context: string }[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const ONE = '/endpoint-certificates/{alias}';
const ENDPOINT = 'https://backend.example.com/v1';

let admin: Actor;
let pem: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
  pem = await certificate();
});

const add = (by: Actor, alias: string, endpoint = ENDPOINT, file: string | Uint8Array = pem) =>
  by.publisher<Certificate>('POST /endpoint-certificates', { form: { certificate: upload(file), alias, endpoint } });
const added = async (alias = unique('alias'), endpoint = ENDPOINT): Promise<string> =>
  expected(await add(admin, alias, endpoint), 201).alias;
const list = async (query: RequestOptions['query'] = {}) =>
  expected(await admin.publisher<List>('GET /endpoint-certificates', { query }), 200);
const on = (by: Actor, operation: string, alias: string, options: RequestOptions = {}) =>
  by.publisher<unknown>(operation, { path: { alias }, ...options });
const usage = async (alias: string, by = admin, query: RequestOptions['query'] = {}) =>
  expected(await by.publisher<Usage>(`GET ${ONE}/usage`, { path: { alias }, query }), 200);

describe('a certificate of a backend', () => {
  it('is added, and tells what it says', async () => {
    const alias = unique('alias');

    const answer = await add(admin, alias);

    expect(answer).toMatchObject({ status: 201, body: { alias, endpoint: ENDPOINT } });
    expect(answer.headers['location']).toContain(`/endpoint-certificates/${alias}`);
    expect((await on(admin, `GET ${ONE}`, alias)).body).toEqual({
      status: 'Active',
      validity: { from: expect.stringMatching(/^\d{4}-/), to: expect.stringMatching(/^\d{4}-/) },
      version: 'V3',
      subject: 'CN=backend.example.com, O=Example, C=LK',
    });
  });

  it.each(['DER', 'DER in base64', 'PEM in base64'])('is taken in %s, and given as PEM', async (form) => {
    const alias = unique('alias');
    const der = derOf(pem);
    const file = { DER: der, 'DER in base64': der.toString('base64'), 'PEM in base64': Buffer.from(pem).toString('base64') }[form];

    expected(await add(admin, alias, ENDPOINT, file), 201);

    const content = await on(admin, `GET ${ONE}/content`, alias);
    expect(content).toMatchObject({ status: 200, headers: { 'content-type': 'application/octet-stream' } });
    expect(content.headers['content-disposition']).toContain(`${alias}.crt`);
    expect(derOf(String(content.body))).toEqual(der);
  });

  it.each(['a/b c?d', "Ü' OR 1=1 --", '..', '%2e', 'x'.repeat(30)])('may be called %s', async (alias) => {
    const answer = await add(admin, alias);

    expect(answer.status).toBe(201);
    if (alias !== '..') expect((await on(admin, `GET ${ONE}`, alias)).status).toBe(200);
    expect((await list({ alias })).certificates).toEqual([{ alias, endpoint: ENDPOINT }]);
  });

  it('is replaced by another one', async () => {
    const alias = await added();
    const other = await certificate('other.example.com');

    const answer = await on(admin, `PUT ${ONE}`, alias, { form: { certificate: upload(other) } });

    expect(answer).toMatchObject({ status: 200, body: { alias, endpoint: ENDPOINT } });
    expect((await on(admin, `GET ${ONE}`, alias)).body).toMatchObject({ subject: 'CN=other.example.com, O=Example, C=LK' });
  });

  it('is deleted', async () => {
    const alias = await added();

    expect((await on(admin, `DELETE ${ONE}`, alias)).status).toBe(200);

    expect(await on(admin, `GET ${ONE}`, alias)).toFailWith(CertificateNotFound(alias));
    expect(await on(admin, `DELETE ${ONE}`, alias)).toFailWith(CertificateNotFound(alias));
  });
});

describe('is refused', () => {
  it('when the alias is taken', async () => {
    const alias = await added();

    expect(await add(admin, alias)).toFailWith(AliasExists(alias));
  });

  it('when it expired, new or in place of another', async () => {
    const expired = await certificate('old.example.com', { expired: true });
    const alias = await added();

    expect(await add(admin, unique('alias'), ENDPOINT, expired)).toFailWith(CertificateExpired());
    expect(await on(admin, `PUT ${ONE}`, alias, { form: { certificate: upload(expired) } })).toFailWith(CertificateExpired());
  });

  it('when it is no certificate', async () => {
    expect(await add(admin, unique('alias'), ENDPOINT, 'no certificate')).toFailWith(UnreadableCertificate());
  });

  it('while it is still sent, when it is too large', async () => {
    expect((await add(admin, unique('alias'), ENDPOINT, 'x'.repeat(300_000))).status).toBe(413);
  });

  it.each<[string, Record<string, FormField | undefined>]>([
    ['certificate', { certificate: undefined }],
    ['alias', { alias: undefined }],
    ['alias', { alias: 'x'.repeat(31) }],
    ['alias', { alias: ' ' }],
    ['endpoint', { endpoint: undefined }],
    ['endpoint', { endpoint: '' }],
  ])('without a good %s (%j)', async (_, change) => {
    const form = { certificate: upload(pem), alias: unique('alias'), endpoint: ENDPOINT, ...change };

    expect(await admin.publisher('POST /endpoint-certificates', { form })).toFailWith({
      status: 400,
      code: 400,
      description: 'Validation Error',
    });
  });

  it('without a certificate in place of another', async () => {
    expect(await on(admin, `PUT ${ONE}`, await added(), { form: {} })).toFailWith({ status: 400, description: 'Validation Error' });
  });

  it('with a character that cannot be stored', async () => {
    expect((await add(admin, 'a\0b')).status).toBe(400);
    expect(await on(admin, `GET ${ONE}`, 'a\0b')).toFailWith(CertificateNotFound);
    expect((await list({ alias: 'a\0b' })).count).toBe(0);
  });

  it('when it is not there', async () => {
    for (const operation of [`GET ${ONE}`, `GET ${ONE}/content`, `GET ${ONE}/usage`, `DELETE ${ONE}`]) {
      expect(await on(admin, operation, 'unknown')).toFailWith(CertificateNotFound('unknown'));
    }
    expect(await on(admin, `PUT ${ONE}`, 'unknown', { form: { certificate: upload(pem) } })).toFailWith(CertificateNotFound('unknown'));
  });
});

it('lists certificates by alias, a page at a time, and finds them by alias and endpoint', async () => {
  const { admin: owner } = await given.organization();
  for (const alias of ['b', 'c', 'a']) expected(await add(owner, alias, `https://${alias}.example.com`), 201);
  const read = async (query: RequestOptions['query']) =>
    expected(await owner.publisher<List>('GET /endpoint-certificates', { query }), 200);

  const first = await read({ limit: 2 });

  expect(first.certificates.map(({ alias }) => alias)).toEqual(['a', 'b']);
  expect(first).toMatchObject({ count: 2, pagination: { total: 3, next: '/endpoint-certificates?limit=2&offset=2' } });
  expect((await read({ limit: 0 })).certificates).toEqual([]);
  expect((await read({ alias: 'b' })).certificates).toEqual([{ alias: 'b', endpoint: 'https://b.example.com' }]);
  expect((await read({ endpoint: 'https://c.example.com' })).certificates.map(({ alias }) => alias)).toEqual(['c']);
  expect((await read({ alias: 'b', endpoint: 'https://c.example.com' })).count).toBe(0);
});

describe('usage', () => {
  const api = (endpointConfig: object, by = admin) => given.api({ by, with: { endpointConfig } });
  const server = () => `${unique('host')}.example.com`;

  it('names the APIs of which any endpoint is on the server', async () => {
    const host = server();
    const url = `https://${host.toUpperCase()}/path`;
    const using = [
      await api({ endpoint_type: 'http', production_endpoints: { url } }),
      await api({ endpoint_type: 'load_balance', sandbox_endpoints: [{ url: 'http://127.0.0.1:9' }, { url }] }),
      await api({
        endpoint_type: 'failover',
        production_endpoints: { url: 'http://127.0.0.1:9' },
        production_failovers: [{ url: `https://${host}:443` }],
      }),
    ];
    const other = await api({ endpoint_type: 'http', production_endpoints: { url: `https://${host}:8443` } });
    const more = { name: 'More', deploymentStage: 'PRODUCTION', endpointConfig: { production_endpoints: { url } } };
    expected(await admin.publisher('POST /apis/{apiId}/endpoints', { path: { apiId: other.id }, body: more }), 201);
    await api({ endpoint_type: 'http', production_endpoints: { url: `https://not-${host}` } });
    const alias = await added(unique('alias'), `https://${host}`);

    const found = await usage(alias);

    expect(found.list.map(({ id }) => id).toSorted()).toEqual([...using, other].map(({ id }) => id).toSorted());
    expect(found.list[0]?.context).toContain(`/t/${admin.organization}/`);
    const page = await usage(alias, admin, { limit: 1, offset: 3 });
    expect(page).toMatchObject({ count: 1, pagination: { total: 4, next: '' } });
    expect(await usage(alias, admin, { limit: 1, offset: 9 })).toMatchObject({ count: 0, pagination: { total: 4 } });
  });

  it('takes an endpoint without a protocol for any port', async () => {
    const host = server();
    const { id } = await api({ endpoint_type: 'http', production_endpoints: { url: `https://${host}:8443` } });

    expect((await usage(await added(unique('alias'), host))).list.map((found) => found.id)).toEqual([id]);
    expect((await usage(await added(unique('alias'), `${host}:9443`))).count).toBe(0);
  });

  it('leaves out APIs that the caller may not see', async () => {
    const host = server();
    const endpointConfig = { endpoint_type: 'http', production_endpoints: { url: `https://${host}` } };
    const access = { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] };
    const { id } = await given.api({ by: admin, with: { endpointConfig, ...access } });
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });
    const alias = await added(unique('alias'), `https://${host}`);

    expect((await usage(alias)).list.map((found) => found.id)).toEqual([id]);
    expect((await usage(alias, creator)).count).toBe(0);
  });
});

it('belongs to its tenant', async () => {
  const { admin: stranger } = await given.organization();
  const alias = await added();

  expect(await on(stranger, `GET ${ONE}`, alias)).toFailWith(CertificateNotFound(alias));
  expect(await on(stranger, `DELETE ${ONE}`, alias)).toFailWith(CertificateNotFound(alias));
  expect((await add(stranger, alias)).status).toBe(201);
  expect(expected(await stranger.publisher<List>('GET /endpoint-certificates'), 200).count).toBe(1);
});

it('is not for every scope', async () => {
  const alias = await added();
  const viewer = admin.withScopes('apim:ep_certificates_view');
  const adder = admin.withScopes('apim:ep_certificates_add');

  expect((await on(viewer, `GET ${ONE}`, alias)).status).toBe(200);
  expect(await add(viewer, unique('alias'))).toFailWith(Unauthenticated());
  expect(await on(viewer, `PUT ${ONE}`, alias, { form: { certificate: upload(pem) } })).toFailWith(Unauthenticated());
  expect(await on(viewer, `DELETE ${ONE}`, alias)).toFailWith(Unauthenticated());
  for (const operation of [`GET ${ONE}`, `GET ${ONE}/content`, `GET ${ONE}/usage`, 'GET /endpoint-certificates']) {
    expect(await on(adder, operation, alias)).toFailWith(Unauthenticated());
  }
});
