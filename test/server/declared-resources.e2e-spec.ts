import { Unauthenticated } from '../../src/domain/problem.js';
import { expected } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { ANONYMOUS_OPERATIONS } from './anonymous-operations.js';

interface Resource {
  readonly method: string;
  readonly path: string;
  readonly access: string;
  readonly scopes: readonly string[];
  readonly rule: string | null;
}

const nobody = new Client('', () => NOBODY);
const AT_ONCE = 8;
const SAMPLES: Readonly<Record<string, string>> = { tenant: 'carbon.super', policyLevel: 'application' };
const SAMPLE = '00000000-0000-4000-8000-000000000000';

const resources = async (): Promise<readonly Resource[]> =>
  expected(await given.superAdmin.gatehouse<{ readonly list: readonly Resource[] }>('GET /resources', { query: { limit: 5_000 } }), 200)
    .list;
const asked = ({ method, path }: Resource): string =>
  `${method} ${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => SAMPLES[name] ?? SAMPLE)}`;
/** The same for a tenant is no other operation. */
const nameOf = ({ method, path }: Resource): string => `${method} ${path.replace('/t/{tenant}', '')}`;

describe('every resource of the running server', () => {
  it('refuses a caller without a credential, or stands in the list of those that may not, with a reason', async () => {
    const all = await resources();
    const answered = new Set<string>();
    const waiting = [...all];
    const askNext = async (): Promise<void> => {
      for (let resource = waiting.pop(); resource !== undefined; resource = waiting.pop()) {
        const { status } = await nobody.request(asked(resource));
        if (status !== 401 && status !== 403) answered.add(nameOf(resource));
      }
    };

    await Promise.all(Array.from({ length: AT_ONCE }, askNext));

    expect(all.length).toBeGreaterThan(550);
    expect([...answered].sort()).toEqual(Object.keys(ANONYMOUS_OPERATIONS).sort());
  });

  it('is declared as it behaves', async () => {
    const open = (await resources()).filter(({ access }) => access === 'anonymous').map(nameOf);

    expect([...new Set(open)].sort()).toEqual(Object.keys(ANONYMOUS_OPERATIONS).sort());
  });
});

describe('what is not declared', () => {
  it.each([
    'GET /',
    'GET /carbon',
    'GET /services',
    'GET /api',
    'GET /api/am/publisher/v4/nothing',
    'GET /api/am/publisher/v1/apis',
    'POST /api/am/devportal/v3/apis',
    'GET /API/AM/Publisher/V4/apis',
    'GET /internal',
    'GET /oauth2',
    'GET /oauth2/nothing',
    'GET /scim2/nothing',
    'GET /keymanager-operations',
    'GET /publisher',
  ])('%s is not there, for anybody', async (operation) => {
    const { username, password } = given.superAdmin;

    const answers = [await nobody.request(operation), await nobody.request(operation, { as: { basic: { username, password } } })];

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });
});

describe('the list of resources', () => {
  it('says who may call each, in pages', async () => {
    const first = expected(
      await given.superAdmin.gatehouse<{ count: number; list: readonly Resource[] }>('GET /resources', { query: { limit: 3 } }),
      200,
    );

    expect(first).toMatchObject({ count: 3, pagination: { offset: 0, limit: 3, next: expect.stringContaining('offset=3') } });
    const all = await resources();
    expect(all).toContainEqual({
      method: 'POST',
      path: '/api/am/admin/v4/labels',
      access: 'user',
      scopes: expect.arrayContaining(['apim:admin']),
      rule: null,
    });
    expect(all).toContainEqual({ method: 'POST', path: '/oauth2/token', access: 'request', scopes: [], rule: null });
  });

  it('refuses bad windows, strangers, users without the scope and administrators of other tenants', async () => {
    const { admin } = await given.organization();
    const user = await given.user({ roles: ['Internal/creator'] });

    expect((await given.superAdmin.gatehouse('GET /resources', { query: { limit: 'many' } })).status).toBe(400);
    expect(await given.superAdmin.gatehouse('GET /resources', { as: NOBODY })).toFailWith(Unauthenticated());
    expect((await user.gatehouse('GET /resources')).status).toBe(401);
    expect((await admin.gatehouse('GET /resources')).status).toBe(403);
  });
});
