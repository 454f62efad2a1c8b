import { ApiNotFound } from '../../src/apis/apis.problems.js';
import {
  SequenceBackendNotFound,
  SequenceNotXml,
  SequenceOfOtherType,
  UnknownSequenceType,
} from '../../src/apis/sequence-backends/sequence-backends.problems.js';
import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';

interface List {
  readonly count: number;
  readonly list: readonly Body[];
}

const ALL = '/apis/{apiId}/sequence-backend';
const ONE = `${ALL}/{type}`;
const SEQUENCE = '<payloadFactory media-type="json"><format>{"a":1}</format><args/></payloadFactory><loopback/>';

let admin: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
});
beforeEach(async () => {
  ({ id: apiId } = await given.api({ by: admin }));
});

const on = <T = Body>(operation: string, type = '', options: RequestOptions & { by?: Actor } = {}) => {
  const { by = admin, path, ...rest } = options;
  return by.publisher<T>(operation, { path: { apiId, type, ...path }, ...rest });
};
const put = (type: string, { by = admin, text = SEQUENCE, name = 'backend.xml', headers = {} as Record<string, string> } = {}) =>
  on(`PUT ${ALL}`, '', { by, headers, form: { sequence: { file: text, name, type: 'application/xml' }, type } });
const api = async (): Promise<Body> => expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);
const putApi = async (change: Body) =>
  expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...(await api()), ...change } }), 200);

describe('a sequence backend', () => {
  it('takes the place of the endpoint', async () => {
    const answer = await put('PRODUCTION');

    expect(answer).toMatchObject({ status: 200, body: { id: apiId, endpointConfig: { endpoint_type: 'sequence_backend' } } });
    expect(await api()).toEqual(answer.body);
    expect((await on<List>(`GET ${ALL}`)).body).toEqual({
      count: 1,
      list: [{ sequenceId: `${apiId}-PRODUCTION`, sequenceName: `${apiId}-PRODUCTION`, sequenceType: 'PRODUCTION', sequence: SEQUENCE }],
    });
    expect(await on<string>(`GET ${ONE}/content`, 'PRODUCTION')).toMatchObject({
      status: 200,
      headers: { 'content-type': expect.stringContaining('application/xml') },
      body: SEQUENCE,
    });
  });

  it('is there for either key type, and is replaced', async () => {
    expected(await put('PRODUCTION'), 200);
    expected(await put('sandbox'), 200);

    expected(await put('SANDBOX', { text: '<respond/>' }), 200);

    expect((await on<List>(`GET ${ALL}`)).body.list.map(({ sequenceType }) => sequenceType)).toEqual(['PRODUCTION', 'SANDBOX']);
    expect((await on<string>(`GET ${ONE}/content`, 'SANDBOX')).body).toBe('<respond/>');
    expect((await on<string>(`GET ${ONE}/content`, 'PRODUCTION')).body).toBe(SEQUENCE);
  });

  it('is deleted', async () => {
    expected(await put('PRODUCTION'), 200);

    expect((await on(`DELETE ${ONE}`, 'PRODUCTION')).status).toBe(200);

    expect(await on(`DELETE ${ONE}`, 'PRODUCTION')).toFailWith(SequenceBackendNotFound(apiId));
    expect(await on(`GET ${ONE}/content`, 'PRODUCTION')).toFailWith(SequenceBackendNotFound(apiId));
    expect(await on(`GET ${ALL}`)).toFailWith(SequenceBackendNotFound(apiId));
  });

  it('stays when the API changes otherwise, and goes when its endpoint becomes another', async () => {
    expected(await put('PRODUCTION'), 200);

    await putApi({ description: 'other' });
    expect((await on(`GET ${ONE}/content`, 'PRODUCTION')).status).toBe(200);
    await putApi({ endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'http://127.0.0.1:9' } } });

    expect(await on(`GET ${ALL}`)).toFailWith(SequenceBackendNotFound(apiId));
  });

  it.each(['<log>', 'no xml', '<!DOCTYPE x><respond/>', ''])('is refused as %s', async (text) => {
    expect(await put('PRODUCTION', { text })).toFailWith(SequenceNotXml('production'));
    expect(await api()).toMatchObject({ endpointConfig: { endpoint_type: 'http' } });
  });

  it('is refused under another name, for another key type, without a file, or too large', async () => {
    expect(await put('SANDBOX', { name: 'backend.txt' })).toFailWith(SequenceNotXml('sandbox'));
    expect(await put('TEST')).toFailWith(UnknownSequenceType());
    expect(await on(`GET ${ONE}/content`, 'TEST')).toFailWith(UnknownSequenceType());
    expect(await on(`PUT ${ALL}`, '', { form: { type: 'SANDBOX' } })).toFailWith({ status: 400, description: 'Validation Error' });
    expect((await put('SANDBOX', { text: `<a>${'x'.repeat(1_100_000)}</a>` })).status).toBe(413);
  });

  it('is for HTTP APIs alone', async () => {
    ({ id: apiId } = await given.api({ by: admin, with: { type: 'SSE', operations: [{ target: '/*', verb: 'SUBSCRIBE' }] } }));

    expect(await put('PRODUCTION')).toFailWith(SequenceOfOtherType('SSE'));
  });

  it('is not put by who saw an older API', async () => {
    expect(await put('PRODUCTION', { headers: { 'if-match': '"old"' } })).toFailWith(PreconditionFailed);
  });
});

it('goes along into a new version, and is what it was when a revision is restored', async () => {
  expected(await put('PRODUCTION'), 200);
  const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId }, body: {} }), 201);
  const copy = await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { apiId, newVersion: '2.0.0' } });
  await putApi({ endpointConfig: null });

  const path = { apiId: expected(copy, 201).id };
  expect((await on<string>(`GET ${ONE}/content`, 'PRODUCTION', { path })).body).toBe(SEQUENCE);
  expected(await admin.publisher('POST /apis/{apiId}/restore-revision', { path: { apiId }, query: { revisionId: revision.id } }), 201);
  expect((await on<string>(`GET ${ONE}/content`, 'PRODUCTION')).body).toBe(SEQUENCE);
});

it('cannot be deployed to a gateway of another kind', async () => {
  ({ id: apiId } = await given.api({ by: admin, with: { gatewayType: 'wso2/apk' } }));
  expected(await put('PRODUCTION'), 200);
  const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId }, body: {} }), 201);

  const answer = await admin.publisher<unknown>('POST /apis/{apiId}/deploy-revision', {
    path: { apiId },
    query: { revisionId: revision.id },
    body: [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }],
  });

  expect(answer).toMatchObject({
    status: 400,
    headers: { 'content-type': 'text/plain' },
    body: `Cannot Deploy an API with a Custom Sequence to APK Gateway: ${apiId}`,
  });
});

it('is hidden from other tenants, and not for every scope', async () => {
  const { admin: stranger } = await given.organization();
  expected(await put('PRODUCTION'), 200);
  const viewer = admin.withScopes('apim:api_view');
  const nobody = admin.withScopes('apim:subscription_view');

  for (const operation of [`GET ${ALL}`, `GET ${ONE}/content`, `DELETE ${ONE}`]) {
    expect(await on(operation, 'PRODUCTION', { by: stranger })).toFailWith(ApiNotFound(apiId));
    expect(await on(operation, 'PRODUCTION', { by: nobody })).toFailWith(Unauthenticated());
  }
  expect(await put('PRODUCTION', { by: stranger })).toFailWith(ApiNotFound(apiId));
  expect(await put('PRODUCTION', { by: viewer })).toFailWith(Unauthenticated());
  expect(await on(`DELETE ${ONE}`, 'PRODUCTION', { by: viewer })).toFailWith(Unauthenticated());
});
