import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { Forbidden } from '../../src/domain/problem.js';
import { change, deploy, member, product, revision } from '../publisher/products.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';
import { png } from '../support/pictures.js';

interface List {
  readonly count: number;
  readonly list: readonly Body[];
}

const GUIDE = { name: 'Guide', type: 'HOWTO', sourceType: 'INLINE', visibility: 'API_LEVEL' };

/** A published and deployed product of one resource in a tenant of its own, and a subscriber there. */
const offered = async (further: Body = {}) => {
  const { admin } = await given.organization();
  const subscriber = await given.user({ roles: ['Internal/subscriber'], by: admin });
  const scopes = [{ scope: { name: 'pets:read', displayName: 'Read', bindings: ['admin'] }, shared: false }];
  const operations = [{ target: '/pets', verb: 'GET', scopes: ['pets:read'] }];
  const api = await given.api({ by: admin, with: { operations, scopes } });
  const made = await product(admin, [member(api, 'GET /pets')], { policies: ['Gold', 'Bronze'], ...further });
  expected(await change(admin, made.id, 'Publish'), 200);
  expected(await deploy(admin, made.id, await revision(admin, made.id)), 201);
  return { admin, subscriber, api, made, path: { apiId: made.id } };
};

it('a published product is listed among the APIs, and shown', async () => {
  const { subscriber, made, path } = await offered({ description: 'Pets and more' });

  const { list } = expected(await subscriber.devportal<List>('GET /apis'), 200);
  const shown = expected(await subscriber.devportal('GET /apis/{apiId}', { path }), 200);

  expect(list).toMatchObject([{ id: made.id, name: made.name, type: 'APIPRODUCT', throttlingPolicies: ['Gold', 'Bronze'] }]);
  expect(shown).toMatchObject({
    id: made.id,
    type: 'APIPRODUCT',
    context: made.context,
    description: 'Pets and more',
    operations: [{ target: '/pets', verb: 'GET' }],
    tiers: [{ tierName: 'Gold' }, { tierName: 'Bronze' }],
    scopes: [{ key: 'pets:read', name: 'Read', roles: ['admin'] }],
    endpointURLs: [{ environmentName: 'Default' }],
  });
  expect(JSON.stringify(shown['endpointURLs'])).toContain(`${made.context}/1.0.0`);
});

it('its definition names the gateway and none of the settings of the publisher', async () => {
  const { subscriber, made, path } = await offered();

  const definition = expected(await subscriber.devportal('GET /apis/{apiId}/swagger', { path }), 200);

  expect(definition).toMatchObject({ info: { title: made.name }, paths: { '/pets': { get: {} } } });
  expect(JSON.stringify(definition['servers'])).toContain(`${made.context}/1.0.0`);
  expect(definition).not.toHaveProperty('x-wso2-basePath');
});

it('its documents, its thumbnail and its plans are there', async () => {
  const { admin, subscriber, made, path } = await offered();
  const apiProductId = { apiProductId: made.id };
  const added = await admin.publisher<{ documentId: string }>('POST /api-products/{apiProductId}/documents', {
    path: apiProductId,
    body: GUIDE,
  });
  const documentId = { ...path, documentId: expected(added, 201).documentId };
  expected(
    await admin.publisher('POST /api-products/{apiProductId}/documents/{documentId}/content', {
      path: { ...apiProductId, ...documentId },
      form: { inlineContent: 'Hello' },
    }),
    201,
  );
  const picture = { file: { file: png(), name: 'a.png', type: 'image/png' } };
  expected(await admin.publisher('PUT /api-products/{apiProductId}/thumbnail', { path: apiProductId, form: picture }), 201);

  const documents = await subscriber.devportal('GET /apis/{apiId}/documents', { path });
  const content = await subscriber.devportal<unknown>('GET /apis/{apiId}/documents/{documentId}/content', { path: documentId });
  const thumbnail = await subscriber.devportal<unknown>('GET /apis/{apiId}/thumbnail', { path });
  const plans = await subscriber.devportal<unknown>('GET /apis/{apiId}/subscription-policies', { path });

  expect(documents).toMatchObject({ status: 200, body: { list: [{ name: 'Guide' }] } });
  expect(content).toMatchObject({ status: 200, body: 'Hello' });
  expect(thumbnail).toMatchObject({ status: 200, body: png() });
  expect(plans).toMatchObject({ status: 200, body: [{ name: 'Bronze' }, { name: 'Gold' }] });
});

it('is subscribed to as an API is, which its publisher sees', async () => {
  const { admin, subscriber, made } = await offered();
  const application = await given.application(subscriber);
  const body = { apiId: made.id, applicationId: application.applicationId, throttlingPolicy: 'Gold' };

  const answer = await subscriber.devportal<{ subscriptionId: string }>('POST /subscriptions', { body });
  const own = await subscriber.devportal('GET /subscriptions', { query: { apiId: made.id } });
  const ofApplication = await subscriber.devportal('GET /subscriptions', { query: { applicationId: application.applicationId } });
  const seen = await admin.publisher('GET /subscriptions', { query: { apiId: made.id } });

  const { subscriptionId } = expected(answer, 201);
  expect(answer.body).toMatchObject({ status: 'UNBLOCKED', apiInfo: { id: made.id, type: 'APIPRODUCT', name: made.name } });
  expect(own).toMatchObject({ status: 200, body: { list: [{ subscriptionId }] } });
  expect(ofApplication).toMatchObject({ status: 200, body: { list: [{ subscriptionId, apiId: made.id }] } });
  expect(seen).toMatchObject({ status: 200, body: { count: 1, list: [{ subscriptionId, applicationInfo: { name: application.name } }] } });
  expect((await subscriber.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } })).status).toBe(200);
});

it('is refused by a plan it does not offer', async () => {
  const { subscriber, made } = await offered();
  const { applicationId } = await given.application(subscriber);
  const body = { apiId: made.id, applicationId, throttlingPolicy: 'Unlimited' };

  expect((await subscriber.devportal('POST /subscriptions', { body })).status).toBe(403);
});

it('is neither listed nor shown before it is published, to other roles and in other tenants', async () => {
  const { admin, subscriber, path } = await offered({ visibility: 'RESTRICTED', visibleRoles: ['admin'] });
  const { admin: stranger } = await given.organization();
  const hidden = await product(admin, []);
  const get = (by: Actor, apiId: string) => by.devportal('GET /apis/{apiId}', { path: { apiId } });

  expect(expected(await subscriber.devportal<List>('GET /apis'), 200).count).toBe(0);
  expect(await get(subscriber, path.apiId)).toFailWith(ApiNotFound(path.apiId));
  expect(await get(stranger, path.apiId)).toFailWith(ApiNotFound(path.apiId));
  expect(await get(subscriber, hidden.id)).toFailWith(Forbidden('User is not authorized to access the API'));
});
