import { join } from 'node:path';
import { Cli } from '../server/cli.js';
import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

const SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const EXTENSION = 'urn:scim:wso2:schema';
/** The default of `identity_mgt.account_locking.allowed_failed_attempts`. */
const ATTEMPTS = 10;

let admin: Actor;
let backend: Backend;
let api: GivenApi;
beforeAll(async () => {
  ({ admin } = await given.organization());
  backend = await given.backend();
  const scope = unique('cook');
  const operation = { verb: 'GET', authType: 'Application & Application User', throttlingPolicy: 'Unlimited' };
  api = await given.publishedApi({
    by: admin,
    backend,
    with: {
      securityScheme: ['basic_auth'],
      scopes: [{ scope: { name: scope, displayName: scope, bindings: ['Internal/creator'] }, shared: false }],
      operations: [
        { ...operation, target: '/menu' },
        { ...operation, target: '/kitchen', scopes: [scope] },
      ],
    },
  });
});

const headerOf = (name: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });
const call = (who: Pick<Actor, 'username' | 'password'>, path = '/menu') =>
  gateway(api.url + path, { headers: headerOf(who.username, who.password) });
const changed = async (who: Actor, password: string, status: number) =>
  eventually(
    () => call({ username: who.username, password }),
    (answer) => answer.status === status,
    1_000,
  );
const idOf = async ({ username }: Actor): Promise<string> => {
  const query = { filter: `userName eq ${username.split('@')[0]}` };
  const { Resources } = expected(await admin.scim<{ Resources: readonly { id: string }[] }>('GET /Users', { query }), 200);
  return Resources[0]?.id ?? '';
};

it('lets the tenant’s users in by name and password, which the backend never sees', async () => {
  const ann = await given.user({ by: admin });

  const answer = await call(ann);

  expect(answer.status).toBe(200);
  expect(backend.requests.at(-1)?.headers.authorization).toBeUndefined();
});

it('says the same of a wrong password and of an unknown user', async () => {
  const ann = await given.user({ by: admin });

  const answers = [
    await call({ ...ann, username: ann.username, password: 'Wrong1' }),
    await call({ username: `nobody@${admin.organization}`, password: 'x' }),
  ];

  for (const answer of answers) expect(answer).toMatchObject({ status: 401, body: { code: '900901' } });
  expect(answers[0]?.body).toEqual(answers[1]?.body);
});

it('refuses users of other tenants', async () => {
  const answers = [await call(given.superAdmin), await call((await given.organization()).admin)];

  for (const answer of answers) expect(answer).toMatchObject({ status: 403, body: { code: '900908' } });
});

it('opens operations with scopes to the roles of the scope, and follows a change of roles at once', async () => {
  const ann = await given.user({ by: admin });
  const before = await call(ann, '/kitchen');
  const creators = expected(
    await admin.scim<{ Resources: readonly { id: string }[] }>('GET /Roles', { query: { filter: 'displayName eq creator' } }),
    200,
  ).Resources[0]?.id;
  const value = [{ value: await idOf(ann) }];
  const patch = (Operation: object) =>
    admin.scim('PATCH /Roles/{id}', { path: { id: creators ?? '' }, body: { schemas: [SCHEMA], Operations: [Operation] } });

  expected(await patch({ op: 'add', path: 'users', value }), 200);
  const granted = await eventually(
    () => call(ann, '/kitchen'),
    ({ status }) => status === 200,
    1_000,
  );
  expected(await patch({ op: 'remove', path: `users[value eq "${value[0]?.value}"]` }), 200);
  const withdrawn = await eventually(
    () => call(ann, '/kitchen'),
    ({ status }) => status === 403,
    1_000,
  );

  expect(before).toMatchObject({ status: 403, body: { code: '900910', description: 'Scope validation failed' } });
  expect(granted.status).toBe(200);
  expect(withdrawn.status).toBe(403);
});

it('follows a new password at once', async () => {
  const ann = await given.user({ by: admin, roles: ['Internal/subscriber'] });
  expected(await call(ann), 200);

  expected(await ann.devportal('POST /me/change-password', { body: { currentPassword: ann.password, newPassword: 'NewPass1' } }), 200);

  await changed(ann, ann.password, 401);
  await changed(ann, 'NewPass1', 200);
});

it('follows an administrator’s lock and its end at once', async () => {
  const ann = await given.user({ by: admin });
  const id = await idOf(ann);
  const lock = (accountLocked: boolean) =>
    admin.scim('PATCH /Users/{id}', {
      path: { id },
      body: { schemas: [SCHEMA], Operations: [{ op: 'replace', value: { [EXTENSION]: { accountLocked } } }] },
    });
  expected(await call(ann), 200);

  expected(await lock(true), 200);
  await changed(ann, ann.password, 401);
  expected(await lock(false), 200);
  await changed(ann, ann.password, 200);
});

it('locks an account after ten wrong passwords, also for those who were let in before', async () => {
  const ann = await given.user({ by: admin });
  expected(await call(ann), 200);

  for (let i = 0; i < ATTEMPTS; i += 1) expected(await call({ username: ann.username, password: `Wrong${i}` }), 401);

  await changed(ann, ann.password, 401);
});

it('forgets a user who is deleted', async () => {
  const ann = await given.user({ by: admin });
  expected(await call(ann), 200);

  expected(await admin.scim('DELETE /Users/{id}', { path: { id: await idOf(ann) } }), 204);

  await changed(ann, ann.password, 401);
});

it('asks at a gateway on its own too, which counts failures, and learns of a new password from the feed', async () => {
  const [ann, bob] = [await given.user({ by: admin, roles: ['Internal/subscriber'] }), await given.user({ by: admin })];
  const alone = await Cli.start(
    { APIM_DATABASE__URL: `postgres://gatehouse@localhost/postgres?host=${join(server.dataDir, 'postgres')}` },
    undefined,
    ['-Dprofile=gateway-worker'],
  );
  const callAlone = async (name: string, password: string) =>
    (await fetch(`${alone.gateway}${api.url}/menu`, { headers: headerOf(name, password) })).status;
  const becomes = (name: string, password: string, wanted: number) =>
    eventually(
      () => callAlone(name, password),
      (status) => status === wanted,
      1_000,
    );

  expect([await callAlone(ann.username, ann.password), await callAlone(ann.username, 'Wrong1')]).toEqual([200, 401]);
  expected(await ann.devportal('POST /me/change-password', { body: { currentPassword: ann.password, newPassword: 'NewPass1' } }), 200);
  await becomes(ann.username, ann.password, 401);
  await becomes(ann.username, 'NewPass1', 200);
  expected(await call(bob), 200);
  for (let i = 0; i < ATTEMPTS; i += 1) expect(await callAlone(bob.username, `Wrong${i}`)).toBe(401);
  // The lock reaches the other gateway, which had let the user in.
  await changed(bob, bob.password, 401);

  expect((await alone.stop()).code).toBe(0);
});
