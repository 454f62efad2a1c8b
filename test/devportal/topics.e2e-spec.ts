import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { HiddenApi } from '../../src/apis/portal/portal-apis.queries.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, NOBODY, type RequestOptions } from '../support/client.js';
import { type ApiOptions, given } from '../support/given.js';

let admin: Actor;
let domain: string;
beforeAll(async () => {
  ({ admin, domain } = await given.organization());
});

const topics = (apiId: string, options: RequestOptions = {}) =>
  admin.devportal('GET /apis/{apiId}/topics', { path: { apiId }, ...options });
const published = async (options: ApiOptions): Promise<string> => {
  const { id: apiId } = await given.api({ by: admin, ...options });
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);
  return apiId;
};
const socket = (further: Body = {}) =>
  published({
    policies: ['AsyncUnlimited'],
    backend: 'ws://127.0.0.1:9',
    with: {
      type: 'WS',
      operations: [
        { target: '/rates', verb: 'SUBSCRIBE' },
        { target: '/orders', verb: 'PUBLISH' },
      ],
      ...further,
    },
  });

it('the operations of a WebSocket API are its topics, for guests too', async () => {
  const apiId = await socket();

  const answer = await topics(apiId);

  expect(expected(answer, 200)).toEqual({
    count: 2,
    list: [
      { apiId, name: '/rates', type: 'SUBSCRIBE' },
      { apiId, name: '/orders', type: 'PUBLISH' },
    ],
    pagination: { offset: 0, limit: 2, total: 2, next: '', previous: '' },
  });
  expect((await topics(apiId, { as: NOBODY, headers: { 'x-wso2-tenant': domain } })).body).toEqual(answer.body);
});

it('an API that answers requests has none', async () => {
  const apiId = await published({ with: { operations: [{ target: '/rates', verb: 'GET' }] } });

  expect(expected(await topics(apiId), 200)).toMatchObject({ count: 0, list: [] });
});

it('they are hidden with their API', async () => {
  const secret = await socket({ visibility: 'RESTRICTED', visibleRoles: ['admin'] });
  const created = await given.api({ by: admin });
  const { admin: stranger } = await given.organization();

  expect(await topics(secret, { as: NOBODY, headers: { 'x-wso2-tenant': domain } })).toFailWith(ApiNotFound(secret));
  expect(await stranger.devportal('GET /apis/{apiId}/topics', { path: { apiId: secret } })).toFailWith(ApiNotFound(secret));
  expect(await topics(created.id)).toFailWith(HiddenApi());
  for (const id of [randomUUID(), 'nothing']) expect(await topics(id)).toFailWith(ApiNotFound(id));
});
