import { ApiNotFound, InvalidTier } from '../../src/apis/apis.problems.js';
import { LiveApiNeedsPublisher } from '../../src/apis/apis-for-change.js';
import { AliasExists, CertificateExpired, CertificateNotFound } from '../../src/apis/certificates/certificates.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { certificate, derOf, upload } from '../support/certificates.js';
import type { RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';

interface Certificate {
  readonly alias: string;
  readonly apiId: string;
  readonly tier: string;
}
interface List {
  readonly count: number;
  readonly certificates: readonly Certificate[];
  readonly pagination: { readonly total: number; readonly next: string };
}

/** The two faces: with the key type in the path, and the older one for production alone. */
const TYPED = '/apis/{apiId}/client-certs/{keyType}';
const OLDER = '/apis/{apiId}/client-certificates';

let admin: Actor;
let pem: string;
let apiId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
  pem = await certificate('client');
});
beforeEach(async () => {
  ({ id: apiId } = await given.api({ by: admin, policies: ['Gold', 'Unlimited'] }));
});

const form = (alias: string, tier = 'Gold', file = pem) => ({ certificate: upload(file), alias, tier });
const on = <T = unknown>(operation: string, alias = '', options: RequestOptions & { by?: Actor; keyType?: string } = {}) => {
  const { by = admin, keyType = 'PRODUCTION', path, ...rest } = options;
  return by.publisher<T>(operation, { path: { apiId, keyType, alias, ...path }, ...rest });
};
const add = (collection: string, alias: string, options: RequestOptions & { by?: Actor; keyType?: string } = {}) =>
  on<Certificate>(`POST ${collection}`, '', { form: form(alias), ...options });
const list = async (collection: string, options: RequestOptions & { keyType?: string } = {}) =>
  expected(await on<List>(`GET ${collection}`, '', options), 200);
const aliases = async (options: RequestOptions & { keyType?: string } = {}) =>
  (await list(TYPED, options)).certificates.map(({ alias }) => alias);

describe.each([TYPED, OLDER])('a client certificate under %s', (collection) => {
  it('is added, read, changed and deleted', async () => {
    const answer = await add(collection, 'client one');

    expect(answer).toMatchObject({ status: 201, body: { alias: 'client one', apiId, tier: 'Gold' } });
    expect(answer.headers['location']).toContain('/client%20one');
    expect((await on(`GET ${collection}/{alias}`, 'client one')).body).toMatchObject({
      status: 'Active',
      version: 'V3',
      subject: 'CN=client, O=Example, C=LK',
    });
    const other = await certificate('other');
    const changed = await on(`PUT ${collection}/{alias}`, 'client one', { form: { certificate: upload(other), tier: 'Unlimited' } });
    expect(changed).toMatchObject({ status: 200, body: { alias: 'client one', apiId, tier: 'Unlimited' } });
    const content = await on(`GET ${collection}/{alias}/content`, 'client one');
    expect(derOf(String(content.body))).toEqual(derOf(other));
    expect((await on(`DELETE ${collection}/{alias}`, 'client one')).status).toBe(200);
    expect(await on(`GET ${collection}/{alias}`, 'client one')).toFailWith(CertificateNotFound('client one'));
  });

  it('keeps what a change leaves out', async () => {
    expected(await add(collection, 'a'), 201);

    const answer = await on<Certificate>(`PUT ${collection}/{alias}`, 'a', { form: { tier: 'Unlimited' } });

    expect(answer.body.tier).toBe('Unlimited');
    expect((await on(`GET ${collection}/{alias}`, 'a')).body).toMatchObject({ subject: 'CN=client, O=Example, C=LK' });
    const renewed = await on<Certificate>(`PUT ${collection}/{alias}`, 'a', { form: { certificate: upload(await certificate('new')) } });
    expect(renewed.body.tier).toBe('Unlimited');
  });

  it('is refused with a taken alias, an unknown plan, when it expired or is too large', async () => {
    expected(await add(collection, 'a'), 201);

    expect(await add(collection, 'a')).toFailWith(AliasExists('a'));
    expect(await add(collection, 'b', { form: form('b', 'Silver') })).toFailWith(InvalidTier());
    expect(await on(`PUT ${collection}/{alias}`, 'a', { form: { tier: 'Silver' } })).toFailWith(InvalidTier());
    const expired = await certificate('old', { expired: true });
    expect(await add(collection, 'b', { form: form('b', 'Gold', expired) })).toFailWith(CertificateExpired());
    expect((await add(collection, 'b', { form: form('b', 'Gold', 'x'.repeat(300_000)) })).status).toBe(413);
    expect(await add(collection, 'b', { form: { alias: 'b', tier: 'Gold' } })).toFailWith({ status: 400, description: 'Validation Error' });
    expect(await add(collection, 'b', { form: { certificate: upload(pem), alias: 'b' } })).toFailWith({
      status: 400,
      description: 'Validation Error',
    });
  });

  it('is unknown where it is not, and hidden from other tenants', async () => {
    const { admin: stranger } = await given.organization();
    expected(await add(collection, 'a'), 201);

    for (const operation of ['GET', 'DELETE'].map((method) => `${method} ${collection}/{alias}`)) {
      expect(await on(operation, 'unknown')).toFailWith(CertificateNotFound('unknown'));
      expect(await on(operation, 'a', { by: stranger })).toFailWith(ApiNotFound(apiId));
    }
    expect(await on(`PUT ${collection}/{alias}`, 'unknown', { form: {} })).toFailWith(CertificateNotFound('unknown'));
    expect(await on(`GET ${collection}/{alias}/content`, 'a\0')).toFailWith(CertificateNotFound);
    expect(await on(`GET ${collection}`, '', { by: stranger })).toFailWith(ApiNotFound(apiId));
    expect(await add(collection, 'b', { by: stranger })).toFailWith(ApiNotFound(apiId));
  });

  it('is not for every scope', async () => {
    expected(await add(collection, 'a'), 201);
    const viewer = admin.withScopes('apim:client_certificates_view');
    const adder = admin.withScopes('apim:client_certificates_add');

    expect((await on(`GET ${collection}`, '', { by: viewer })).status).toBe(200);
    expect(await add(collection, 'b', { by: viewer })).toFailWith(Unauthenticated());
    expect(await on(`PUT ${collection}/{alias}`, 'a', { by: viewer, form: { tier: 'Gold' } })).toFailWith(Unauthenticated());
    expect(await on(`DELETE ${collection}/{alias}`, 'a', { by: viewer })).toFailWith(Unauthenticated());
    for (const below of ['', '/{alias}', '/{alias}/content']) {
      expect(await on(`GET ${collection}${below}`, 'a', { by: adder })).toFailWith(Unauthenticated());
    }
  });
});

it('lists the certificates of a key type by alias, a page at a time', async () => {
  for (const alias of ['b', 'c', 'a']) expected(await add(TYPED, alias), 201);
  expected(await add(TYPED, 'a', { keyType: 'SANDBOX' }), 201);

  expect(await list(TYPED, { query: { limit: 2 } })).toMatchObject({ count: 2, pagination: { total: 3 } });
  expect(await aliases({ query: { limit: 2, offset: 2 } })).toEqual(['c']);
  expect(await aliases({ query: { alias: 'b' } })).toEqual(['b']);
  expect(await aliases({ keyType: 'sandbox' })).toEqual(['a']);
  expect((await list(OLDER)).certificates.map(({ alias }) => alias)).toEqual(['a', 'b', 'c']);
  expect(await on(`GET ${TYPED}`, '', { keyType: 'TEST' })).toFailWith({ status: 400, code: 400 });
});

it('takes any plan of the tenant for an API without plans', async () => {
  ({ id: apiId } = await given.api({ by: admin, policies: [] }));

  expect((await add(TYPED, 'a')).status).toBe(201);
  expect(await add(TYPED, 'b', { form: form('b', 'Imaginary') })).toFailWith(InvalidTier());
});

it('cannot be changed without publish rights once the API is published', async () => {
  const published = await given.publishedApi({ by: admin, policies: ['Gold'] });
  const creator = await given.user({ roles: ['Internal/creator'], by: admin });

  const answer = await add(TYPED, 'a', { by: creator, path: { apiId: published.id } });

  expect(answer).toFailWith(LiveApiNeedsPublisher('PUBLISHED'));
});

it('goes along into a new version, and lives there on its own', async () => {
  expected(await add(TYPED, 'a'), 201);

  const copy = await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { apiId, newVersion: '2.0.0' } });

  const path = { apiId: expected(copy, 201).id };
  expect((await on(`DELETE ${TYPED}/{alias}`, 'a')).status).toBe(200);
  expect((await list(TYPED, { path })).certificates).toEqual([{ alias: 'a', apiId: path.apiId, tier: 'Gold' }]);
});

it('is what it was when a revision is restored', async () => {
  expected(await add(TYPED, 'kept'), 201);
  const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId }, body: {} }), 201);
  expect((await on(`DELETE ${TYPED}/{alias}`, 'kept')).status).toBe(200);
  expected(await add(TYPED, 'later'), 201);

  const restored = await admin.publisher('POST /apis/{apiId}/restore-revision', { path: { apiId }, query: { revisionId: revision.id } });

  expect(restored.status).toBe(201);
  expect(await aliases()).toEqual(['kept']);
  expect((await on(`GET ${TYPED}/{alias}`, 'kept')).body).toMatchObject({ subject: 'CN=client, O=Example, C=LK' });
});
