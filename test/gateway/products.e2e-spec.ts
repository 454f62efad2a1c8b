import { change, deploy, member, on, type Product, product, revision, update } from '../publisher/products.js';
import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';

const endpointConfig = (url: string) => ({ endpoint_type: 'http', production_endpoints: { url }, sandbox_endpoints: { url } });

/** An API with the resources, which leads to a backend of its own. */
const api = async (by: Actor, backend: Backend, operations: readonly Body[], further: Body = {}): Promise<GivenApi> =>
  given.api({ by, backend: `${backend.url}/${operations.length}`, with: { operations, ...further } });

/** A product over two members with a backend each, published, deployed and subscribed to. */
const subscribed = async () => {
  const { admin } = await given.organization();
  const [firstBackend, secondBackend] = [await given.backend(), await given.backend()];
  const scopes = [{ scope: { name: 'maps:write', bindings: ['Internal/publisher'] }, shared: false }];
  const books = await api(admin, firstBackend, [
    { target: '/books/{id}', verb: 'GET' },
    { target: '/unused', verb: 'GET' },
  ]);
  const write = { target: '/maps', verb: 'POST', scopes: ['maps:write'] };
  const maps = await api(
    admin,
    secondBackend,
    [{ target: '/maps', verb: 'GET' }, write, { target: '/open', verb: 'GET', authType: 'None' }],
    { scopes },
  );
  const made = await product(admin, [member(books, 'GET /books/{id}'), member(maps, 'GET /maps', 'POST /maps', 'GET /open')]);
  expected(await change(admin, made.id, 'Publish'), 200);
  expected(await deploy(admin, made.id, await revision(admin, made.id)), 201);
  const application = await given.application(admin);
  await given.subscription(made, application, { by: admin });
  const keys = await given.keys(application, { by: admin });
  const token = await given.applicationToken(keys);
  const url = `${made.context}/${made.version}`;
  await eventually(
    () => gateway(`${url}/maps`, { token }),
    ({ status }) => status === 200,
  );
  return { admin, made, url, keys, token, books, maps, firstBackend, secondBackend };
};

const putEndpoint = async (by: Actor, { id: apiId }: GivenApi, backend: Backend) => {
  const stored = expected(await by.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);
  expected(
    await by.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...stored, endpointConfig: endpointConfig(backend.url) } }),
    200,
  );
};

it('sends each resource of a product to its own member, none of which needs to be deployed', async () => {
  const { url, token, firstBackend, secondBackend } = await subscribed();

  const book = await gateway(`${url}/books/7?page=2`, { token });
  const map = await gateway(`${url}/maps`, { token });

  expect(book).toMatchObject({ status: 200, body: { method: 'GET', url: '/2/books/7?page=2' } });
  expect(map).toMatchObject({ status: 200, body: { method: 'GET', url: '/3/maps' } });
  expect(firstBackend.requests.map((request) => request.url)).toEqual(['/2/books/7?page=2']);
  expect(new Set(secondBackend.requests.map((request) => request.url))).toEqual(new Set(['/3/maps']));
});

it('checks as the members say: resources, scopes, open resources, and the subscription to the product', async () => {
  const { admin, url, token } = await subscribed();
  const stranger = await given.applicationToken(await given.keys(await given.application(admin), { by: admin }));

  expect((await gateway(`${url}/unused`, { token })).status).toBe(404);
  expect((await gateway(`${url}/books/7`)).status).toBe(401);
  expect((await gateway(`${url}/books/7`, { token: stranger })).status).toBe(403);
  expect(await gateway(`${url}/maps`, { token, method: 'POST' })).toMatchObject({ status: 403, body: { code: '900910' } });
  expect((await gateway(`${url}/open`)).status).toBe(200);
});

it('opens its members to none of its subscribers, nor does a member open the product', async () => {
  const { admin, made, url, token, maps } = await subscribed();
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: maps.id, action: 'Publish' } }), 200);
  await given.deployment(maps, admin);
  const application = await given.application(admin);
  await given.subscription(maps, application, { by: admin });
  const ofMember = await given.applicationToken(await given.keys(application, { by: admin }));

  const own = await eventually(
    () => gateway(`${maps.url}/maps`, { token: ofMember }),
    ({ status }) => status === 200,
  );

  expect(own.status).toBe(200);
  expect(await gateway(`${maps.url}/maps`, { token })).toMatchObject({ status: 403, body: { code: '900908' } });
  expect(await gateway(`${url}/maps`, { token: ofMember })).toMatchObject({ status: 403, body: { code: '900908' } });
  expect((await gateway(`${made.context}/maps`, { token: ofMember })).status).toBe(403);
});

it('answers without its version, too', async () => {
  const { made, token } = await subscribed();

  expect((await gateway(`${made.context}/maps`, { token })).status).toBe(200);
});

it('leads to where its members led when it was deployed, until it is deployed again', async () => {
  const { admin, made, url, token, books } = await subscribed();
  const moved = await given.backend();
  await putEndpoint(admin, books, moved);
  expected(await update(admin, made.id, { ...made, policies: ['Unlimited', 'Gold'] }), 200);
  await given.deployment(books, admin);

  const before = await gateway(`${url}/books/1`, { token });
  const { list } = expected(
    await on<{ list: readonly { id: string }[] }>(admin, 'GET /api-products/{apiProductId}/revisions', made.id),
    200,
  );
  expected(await deploy(admin, made.id, list[0]?.id ?? ''), 201);
  const after = await eventually(
    () => gateway(`${url}/books/1`, { token }),
    () => moved.requests.length > 0,
  );

  expect(before.body).toMatchObject({ url: '/2/books/1' });
  expect(after.body).toMatchObject({ url: '/books/1' });
});

it('stops answering when it is blocked, and is gone when it is retired', async () => {
  const { admin, made, url, token } = await subscribed();
  const becomes = (status: number) =>
    eventually(
      () => gateway(`${url}/maps`, { token }),
      (answer) => answer.status === status,
    );

  expected(await change(admin, made.id, 'Block'), 200);
  const blocked = await becomes(503);
  for (const action of ['Deprecate', 'Retire']) expected(await change(admin, made.id, action), 200);
  const gone = await becomes(404);

  expect(blocked.body).toMatchObject({ code: '700700' });
  expect(gone.status).toBe(404);
});

it('a scope that its member gives up is still nobody else’s while the product that has it is deployed', async () => {
  const { admin, url, keys, maps } = await subscribed();
  const path = { apiId: maps.id };
  const write = async () =>
    (await gateway(`${url}/maps`, { token: await given.applicationToken(keys, 'maps:write'), method: 'POST' })).status;
  const before = await write();
  const stored = expected(await admin.publisher<Product>('GET /apis/{apiId}', { path }), 200);
  const operations = (stored['operations'] as readonly Body[]).map((operation) => ({ ...operation, scopes: [] })); // by the contract
  expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...stored, scopes: [], operations } }), 200);

  const after = await write();

  expect([before, after]).toEqual([403, 403]);
});
