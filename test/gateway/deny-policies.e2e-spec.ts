import { type Actor, expected, requestToken } from '../support/actor.js';
import { answersWithKey, associate, keyOf, TOKENS_AND_KEYS } from '../support/api-keys.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, type GivenSubscriber, given } from '../support/given.js';
import { unique } from '../support/unique.js';

const BLOCKED = { code: '900805', message: 'Message blocked', description: 'You have been blocked from accessing the resource' };
const ITEM = '/throttling/deny-policy/{conditionId}';
/** How soon a change must reach a running gateway, milliseconds. */
const REACHES_IN_MS = 1_000;
const PASSWORD = 'Passw0rd1';

interface World extends GivenSubscriber {
  readonly admin: Actor;
  readonly domain: string;
}

/** A tenant with an API that takes tokens, keys and passwords, and an application that calls it. */
const world = async (): Promise<World> => {
  const { admin, domain } = await given.organization();
  const securityScheme = [...TOKENS_AND_KEYS.securityScheme, 'basic_auth'];
  const made = await given.subscriber({ by: admin, backend: await given.backend(), with: { securityScheme } });
  return { ...made, admin, domain };
};

const denied = async (by: Actor, conditionType: string, conditionValue: unknown, conditionStatus = true): Promise<string> => {
  const body = { conditionType, conditionValue, conditionStatus };
  return expected(await by.admin<{ conditionId: string }>('POST /throttling/deny-policies', { body }), 201).conditionId;
};
const switched = async (by: Actor, conditionId: string, conditionStatus: boolean): Promise<void> => {
  expected(await by.admin(`PATCH ${ITEM}`, { path: { conditionId }, body: { conditionStatus } }), 200);
};
const lifted = async (by: Actor, conditionId: string): Promise<void> => {
  expected(await by.admin(`DELETE ${ITEM}`, { path: { conditionId } }), 200);
};

const answers = (call: () => Promise<Answer>, status: number): Promise<Answer> =>
  eventually(call, (answer) => answer.status === status, REACHES_IN_MS);
const isTurnedAway = async (call: () => Promise<Answer>): Promise<void> => {
  expect((await answers(call, 403)).body).toEqual(BLOCKED);
};

const userToken = async ({ keys }: World, username: string): Promise<string> => {
  const client = { clientId: keys.consumerKey, clientSecret: keys.consumerSecret };
  return expected(await requestToken(client, { grant_type: 'password', username, password: PASSWORD }), 200).access_token;
};
const withPassword = ({ url }: GivenApi, username: string) => {
  const authorization = `Basic ${Buffer.from(`${username}:${PASSWORD}`).toString('base64')}`;
  return () => gateway(`${url}/x`, { headers: { authorization } });
};
const newUser = async (by: Actor, userName: string): Promise<string> => {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
  return expected(await by.scim<{ id: string }>('POST /Users', { body: { schemas, userName, password: PASSWORD } }), 201).id;
};

it.each<[string, (of: World) => unknown]>([
  ['API', ({ api }) => api.url],
  ['APPLICATION', ({ application, domain }) => `admin@${domain}:${application.name}`],
  ['IP', () => ({ fixedIp: '127.0.0.1', invert: false })],
  ['IP', () => ({ fixedIp: '192.0.2.1', invert: true })],
  ['IPRANGE', () => ({ startingIp: '127.0.0.1', endingIp: '127.0.0.9', invert: false })],
  ['IPRANGE', () => ({ startingIp: '126.0.0.1', endingIp: '127.0.0.1', invert: false })],
  ['IPRANGE', () => ({ startingIp: '192.0.2.1', endingIp: '192.0.2.9', invert: true })],
])('a policy about an %s bites within a second, and goes away within one', async (type, value) => {
  const of = await world();
  const call = () => gateway(`${of.api.url}/x`, { token: of.token });

  const id = await denied(of.admin, type, value(of));
  await isTurnedAway(call);
  await switched(of.admin, id, false);
  await answers(call, 200);
  await switched(of.admin, id, true);
  await isTurnedAway(call);
  await lifted(of.admin, id);
  await answers(call, 200);
});

it('does nothing while it is switched off', async () => {
  const of = await world();
  await denied(of.admin, 'API', of.api.url, false);
  // Told to the gateway after it: when this one bites, the other would.
  await denied(of.admin, 'USER', 'somebody');
  const probe = await denied(of.admin, 'IP', { fixedIp: '127.0.0.1' });
  await isTurnedAway(() => gateway(`${of.api.url}/x`, { token: of.token }));
  await lifted(of.admin, probe);

  expect((await answers(() => gateway(`${of.api.url}/x`, { token: of.token }), 200)).status).toBe(200);
});

describe('a policy about a user', () => {
  it('turns the user away with a token, an API key and a password, and nobody else', async () => {
    const of = await world();
    const [ann, bob] = [unique('Ann'), unique('bob')];
    for (const name of [ann, bob]) await newUser(of.admin, name);
    const [annToken, bobToken] = [await userToken(of, `${ann}@${of.domain}`), await userToken(of, `${bob}@${of.domain}`)];
    const key = await keyOf(of.admin, of.api);
    await associate(of.admin, of.api, key.id, of.application);
    await answersWithKey(of.api, key.apikey, 200);
    const asAnn = () => gateway(`${of.api.url}/x`, { token: annToken });
    const byPassword = withPassword(of.api, `${ann}@${of.domain}`);
    expect([(await asAnn()).status, (await byPassword()).status]).toEqual([200, 200]);

    const id = await denied(of.admin, 'USER', ann.toUpperCase());

    await isTurnedAway(asAnn);
    await isTurnedAway(byPassword);
    expect((await gateway(`${of.api.url}/x`, { token: bobToken })).status).toBe(200);
    expect((await withPassword(of.api, `${bob}@${of.domain}`)()).status).toBe(200);
    expect((await gateway(`${of.api.url}/x`, { token: of.token })).status).toBe(200);
    await answersWithKey(of.api, key.apikey, 200);
    await lifted(of.admin, id);
    await answers(asAnn, 200);

    await denied(of.admin, 'USER', `admin@${of.domain}`);
    await isTurnedAway(() => gateway(`${of.api.url}/x`, { headers: { apikey: key.apikey } }));
  });

  it('knows one who comes after it, and one who comes again', async () => {
    const of = await world();
    const name = unique('late');
    await denied(of.admin, 'USER', name);

    for (let time = 0; time < 2; time += 1) {
      const id = await newUser(of.admin, name);
      const token = await userToken(of, `${name}@${of.domain}`);
      await isTurnedAway(() => gateway(`${of.api.url}/x`, { token }));
      expected(await of.admin.scim('DELETE /Users/{id}', { path: { id } }), 204);
    }
  });

  it('knows one who comes, or goes and comes again, at the same moment', async () => {
    const of = await world();
    const users = Array.from({ length: 8 }, (_, index) => ({ name: unique('brief'), isThere: index % 2 === 0 }));

    await Promise.all(
      users.map(async ({ name, isThere }) => {
        if (isThere) {
          const id = await newUser(of.admin, name);
          await Promise.all([denied(of.admin, 'USER', name), of.admin.scim('DELETE /Users/{id}', { path: { id } })]);
        }
        const rule = isThere ? undefined : await denied(of.admin, 'USER', name);
        let isMade = false;
        const made = newUser(of.admin, name).finally(() => {
          isMade = true;
        });
        // The rule is told to gateways over and over, until there is the user that it is about.
        while (rule && !isMade) await switched(of.admin, rule, true);
        await made;
      }),
    );

    for (const { name } of users) {
      const token = await userToken(of, `${name}@${of.domain}`);
      await isTurnedAway(() => gateway(`${of.api.url}/x`, { token }));
    }
  });

  it('does not come back with the user when it was switched off', async () => {
    const of = await world();
    const name = unique('free');
    const id = await denied(of.admin, 'USER', name);
    await switched(of.admin, id, false);

    await newUser(of.admin, name);

    const token = await userToken(of, `${name}@${of.domain}`);
    // Told to the gateway after the user: when it bites and is lifted, nothing else is to come.
    const probe = await denied(of.admin, 'IP', { fixedIp: '127.0.0.1' });
    await isTurnedAway(() => gateway(`${of.api.url}/x`, { token }));
    await lifted(of.admin, probe);
    await answers(() => gateway(`${of.api.url}/x`, { token }), 200);
  });
});

it('turns away test keys, and callers that nobody asks for a name', async () => {
  const { admin } = await given.organization();
  const operation = { target: '/x', throttlingPolicy: 'Unlimited' };
  const api = await given.publishedApi({
    by: admin,
    backend: await given.backend(),
    with: {
      operations: [
        { ...operation, verb: 'GET', authType: 'None' },
        { ...operation, verb: 'POST', authType: 'Application & Application User' },
      ],
    },
  });
  const path = { apiId: api.id };
  const { apikey } = expected(await admin.publisher<{ apikey: string }>('POST /apis/{apiId}/generate-key', { path }), 200);
  const asNobody = () => gateway(`${api.url}/x`);
  const asTester = () => gateway(`${api.url}/x`, { method: 'POST', headers: { 'internal-key': apikey } });
  await answers(asNobody, 200);
  expect((await asTester()).status).toBe(200);

  const id = await denied(admin, 'API', api.url);
  await isTurnedAway(asNobody);
  await isTurnedAway(asTester);
  await lifted(admin, id);
  await denied(admin, 'USER', 'admin');

  await isTurnedAway(asTester);
  expect((await answers(asNobody, 200)).status).toBe(200);
});

it('holds in its own tenant alone', async () => {
  const [one, other] = await Promise.all([world(), world()]);
  const probe = (of: World) => gateway(`${of.api.url}/x`, { token: of.token });

  await denied(one.admin, 'IP', { fixedIp: '127.0.0.1' });

  await isTurnedAway(() => probe(one));
  expect((await probe(other)).status).toBe(200);
});

it('charges nothing at the limits', async () => {
  const { admin, domain } = await given.organization();
  const { api, application, token } = await given.subscriber({ by: admin, backend: await given.backend(), applicationPolicy: '10PerMin' });
  const call = () => gateway(`${api.url}/x`, { token });
  const id = await denied(admin, 'APPLICATION', `admin@${domain}:${application.name}`);
  await isTurnedAway(call);

  for (let time = 0; time < 20; time += 1) expect((await call()).status).toBe(403);

  await lifted(admin, id);
  await answers(call, 200);
});

it('knows an application of the super tenant by its owner’s name alone', async () => {
  const { application, api, token } = await given.subscriber({ backend: await given.backend() });

  const id = await denied(given.superAdmin, 'APPLICATION', `admin:${application.name}`);
  await isTurnedAway(() => gateway(`${api.url}/x`, { token }));

  await lifted(given.superAdmin, id);
  await answers(() => gateway(`${api.url}/x`, { token }), 200);
});

it('outlives the application that it names', async () => {
  const { admin, domain } = await given.organization();
  const application = await given.application(admin);
  const id = await denied(admin, 'APPLICATION', `admin@${domain}:${application.name}`);
  expected(await admin.devportal('DELETE /applications/{applicationId}', { path: { applicationId: application.applicationId } }), 200);

  expect((await admin.admin(`PATCH ${ITEM}`, { path: { conditionId: id }, body: { conditionStatus: false } })).status).toBe(200);
  expect((await admin.admin(`DELETE ${ITEM}`, { path: { conditionId: id } })).status).toBe(200);
});
