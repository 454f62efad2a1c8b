import { randomUUID } from 'node:crypto';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type AuditEntry, type AuditList, auditOf } from '../support/audit.js';
import { NOBODY } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';
import { decide, requireStateApproval, theWaiting } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

let admin: Actor;
let domain: string;
beforeEach(async () => {
  ({ admin, domain } = await given.organization());
});

const label = async (name: string, by = admin): Promise<{ readonly id: string }> =>
  expected(await by.admin<{ id: string }>('POST /labels', { body: { name, description: 'd' } }), 201);
const page = async (query: Record<string, string | number>, by = admin) =>
  expected(await by.gatehouse<AuditList>('GET /audit', { query }), 200);
const follow = async (link: string) => page(Object.fromEntries(new URLSearchParams(link.split('?')[1])));

describe('a change', () => {
  it('is told with who made it, when, from where, and what was changed', async () => {
    const { id } = await label('Health');
    const path = { labelId: id };
    expected(await admin.admin('PUT /labels/{labelId}', { path, body: { name: 'Medicine', description: 'd' } }), 200);
    expected(await admin.admin('DELETE /labels/{labelId}', { path }), 200);

    const entries = await auditOf(admin, { kind: 'Label' });

    const same = { user: `admin@${domain}`, address: '127.0.0.1', kind: 'Label', entityId: id, parentId: null };
    expect(entries).toEqual([
      expect.objectContaining({
        ...same,
        action: 'deleted',
        entityName: 'Medicine',
        before: { id, name: 'Medicine', description: 'd' },
        after: null,
      }),
      expect.objectContaining({
        ...same,
        action: 'updated',
        entityName: 'Medicine',
        before: { name: 'Health' },
        after: { name: 'Medicine' },
      }),
      expect.objectContaining({
        ...same,
        action: 'created',
        entityName: 'Health',
        before: null,
        after: { id, name: 'Health', description: 'd' },
      }),
    ]);
    for (const { at, transactionId } of entries) {
      expect(Math.abs(Date.now() - Date.parse(at))).toBeLessThan(600_000);
      expect(transactionId).toMatch(/^\d+$/);
    }
  });

  it('is what somebody made, not what every tenant is given alike', async () => {
    const kinds = (await auditOf(admin)).map(({ kind }) => kind);
    const ofTenant = await page({ kind: 'Tenant', limit: 100 }, given.superAdmin);

    expect(kinds).toEqual(expect.arrayContaining(['KeyManager', 'SigningKey', 'User', 'UserRole']));
    for (const given of ['Role', 'ScopeRoles', 'ThrottlingPolicy', 'OperationPolicy']) expect(kinds).not.toContain(given);
    expect(ofTenant.list).toContainEqual(expect.objectContaining({ action: 'created', entityName: domain }));
  });

  it('of what the tenant was given is told with what was there before', async () => {
    const { list } = expected(
      await admin.admin<{ list: readonly { policyId: string; policyName: string }[] }>('GET /throttling/policies/application'),
      200,
    );
    const policyId = list.find(({ policyName }) => policyName === '10PerMin')?.policyId ?? '';
    expected(await admin.admin('DELETE /throttling/policies/application/{policyId}', { path: { policyId } }), 200);

    expect(await auditOf(admin, { kind: 'ThrottlingPolicy' })).toEqual([
      expect.objectContaining({
        action: 'deleted',
        entityId: policyId,
        before: expect.objectContaining({ name: '10PerMin' }),
        after: null,
      }),
    ]);
  });

  it('leaves nothing when it is refused, rolled back, or changes nothing', async () => {
    const { id } = await label('Health');
    const before = await auditOf(admin);

    expect(await admin.admin('POST /labels', { body: { name: 'Health', description: '' } })).toMatchObject({ status: 409 });
    const same = { name: 'Health', description: 'd' };
    expected(await admin.admin('PUT /labels/{labelId}', { path: { labelId: id }, body: same }), 200);
    await withDatabase(async (database) => {
      await database.query('BEGIN');
      await database.query(`INSERT INTO labels (id, organization, name, description) VALUES ($1, $2, 'gone', '')`, [randomUUID(), domain]);
      const inside = await database.query('SELECT 1 FROM audit_entries WHERE organization = $1 AND entity_name = $2', [domain, 'gone']);
      expect(inside.rows).toHaveLength(1);
      await database.query('ROLLBACK');
    });

    expect(await auditOf(admin)).toEqual(before);
  });

  it('by the server itself is the system’s, also on a connection that served somebody', async () => {
    await label('Health');

    await withDatabase(async (database) => {
      await database.query("BEGIN; SELECT set_config('gatehouse.actor', 'x@y', true); COMMIT");
      await database.query('UPDATE labels SET description = $2 WHERE organization = $1', [domain, 'system']);
    });

    expect(await auditOf(admin, { user: 'system', kind: 'Label' })).toMatchObject([
      { user: 'system', address: '', after: { description: 'system' } },
    ]);
  });

  it.each([
    [
      'SCIM',
      async () => {
        const { username } = await given.user({ by: admin, roles: ['Internal/creator'] });
        return [
          { kind: 'UserRole', action: 'created' },
          { kind: 'User', action: 'created', entityName: username.split('@')[0], after: { password_hash: '[masked]' } },
        ];
      },
    ],
    [
      'the publisher',
      async () => {
        const { id, name } = await given.api({ by: admin });
        return [
          {
            kind: 'APIDefinition',
            parentId: id,
            action: 'created',
            after: { text: { sha256: expect.any(String), bytes: expect.any(Number) } },
          },
          { kind: 'API', entityId: id, entityName: `${name}:1.0.0`, action: 'created', after: { name, status: 'CREATED' } },
        ];
      },
    ],
    [
      'the developer portal',
      async () => {
        const { applicationId, name } = await given.application(admin);
        return [{ kind: 'Application', entityId: applicationId, entityName: name, action: 'created', after: { owner: 'admin' } }];
      },
    ],
    [
      'the admin portal',
      async () => {
        const body = { conditionType: 'IP', conditionValue: { fixedIp: '192.0.2.1', invert: false }, conditionStatus: true };
        expected(await admin.admin('POST /throttling/deny-policies', { body }), 201);
        return [{ kind: 'DenyPolicy', action: 'created', after: { active: true } }];
      },
    ],
    [
      'client registration',
      async () => {
        const body = {
          callbackUrl: 'www.example.com',
          clientName: unique('c'),
          owner: admin.username,
          grantType: 'password',
          saasApp: true,
        };
        const { clientId } = expected(await admin.clientRegistration<{ clientId: string }>('POST /register', { body }), 200);
        return [
          { kind: 'OAuthClientSecret', parentId: clientId, action: 'created' },
          { kind: 'OAuthClient', entityId: clientId, action: 'created' },
        ];
      },
    ],
  ] as const)('through %s is told', async (_, change) => {
    await admin.token(); // registers a client itself
    const known = new Set((await auditOf(admin)).map(({ id }) => id));

    const expectation = await change();

    const entries = (await auditOf(admin)).filter(({ id }) => !known.has(id));
    for (const each of expectation) expect(entries).toContainEqual(matching(each));
    for (const { user, address } of entries) expect({ user, address }).toEqual({ user: `admin@${domain}`, address: '127.0.0.1' });
  });

  it('that waits for an approval is asked for by one and made by another', async () => {
    const creator = await given.user({ by: admin, roles: ['Internal/creator', 'Internal/publisher'] });
    await requireStateApproval(admin, 'Created:Publish');
    const { id } = await given.api({ by: creator });
    expected(await creator.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);
    const { referenceId } = await theWaiting(admin);
    expected(await decide(admin, referenceId, 'APPROVED'), 200);

    const by = `admin@${domain}`;

    const ofApi = await auditOf(admin, { entityId: id, kind: 'API' });
    const ofWorkflow = await auditOf(admin, { entityId: referenceId, kind: 'Workflow' });

    expect(ofApi).toContainEqual(expect.objectContaining({ user: by, before: { status: 'CREATED' }, after: { status: 'PUBLISHED' } }));
    expect(ofApi.at(-1)).toMatchObject({ user: creator.username, action: 'created' });
    expect(ofWorkflow).toEqual([
      expect.objectContaining({
        user: by,
        before: expect.objectContaining({ status: 'CREATED' }),
        after: expect.objectContaining({ status: 'APPROVED' }),
      }),
      expect.objectContaining({ user: creator.username, action: 'created' }),
    ]);
  });

  it('at one stroke is told for all that it takes along', async () => {
    const { id } = await given.api({ by: admin });
    expected(await admin.publisher('POST /apis/{apiId}/revisions', { path: { apiId: id }, body: {} }), 201);
    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: id } }), 200);

    const gone = await auditOf(admin, { entityId: id, action: 'deleted' });

    expect(gone.map(({ kind }) => kind).sort()).toEqual(['API', 'APIDefinition', 'Revision']);
    expect(new Set(gone.map(({ transactionId, user }) => `${transactionId} ${user}`)).size).toBe(1);
  });
});

const matching = (facts: Readonly<Record<string, unknown>>) =>
  expect.objectContaining({ ...facts, ...(facts['after'] !== undefined && { after: expect.objectContaining(facts['after']) }) });

it('tells the super tenant who made a tenant', async () => {
  const [made] = (await auditOf(given.superAdmin, { kind: 'Tenant', action: 'created' })).filter(({ entityName }) => entityName === domain);
  expect(made).toMatchObject({ user: 'admin@carbon.super', address: '127.0.0.1' });

  expect(await auditOf(admin, { kind: 'Tenant' })).toEqual([]);
});

describe('GET /audit', () => {
  it('finds by time, user, kind, entity and action', async () => {
    const { id } = await label('One');
    const other = await given.user({ by: admin, roles: ['admin'] });
    const two = await label('Two', other);
    const all = await auditOf(admin);
    const ids = (entries: readonly AuditEntry[]) => entries.map((entry) => entry.entityId);
    const at = all.find(({ entityId }) => entityId === id)?.at ?? '';

    expect(ids(await auditOf(admin, { user: other.username, kind: 'label' }))).toEqual([two.id]);
    expect(ids(await auditOf(admin, { user: 'admin', kind: 'Label' }))).toEqual([id]);
    expect(ids(await auditOf(admin, { user: admin.username.toUpperCase(), kind: 'Label' }))).toEqual([id]);
    expect(ids(await auditOf(admin, { entityId: id }))).toEqual([id]);
    expect(ids(await auditOf(admin, { from: at, kind: 'Label', action: 'created' }))).toEqual([two.id, id]);
    expect(ids(await auditOf(admin, { to: at, kind: 'Label' }))).toEqual([]);
    expect(ids(await auditOf(admin, { from: '2999-01-01' }))).toEqual([]);
    expect((await auditOf(admin, { from: '2020-01-01', to: '2999-01-01T00:00:00+02:00' })).length).toBe(all.length);
  });

  it('gives pages that stay where they are while others write', async () => {
    for (let count = 0; count < 7; count++) await label(`L${count}`);
    const seen: string[] = [];

    let at = await page({ kind: 'Label', limit: 3 });
    for (;;) {
      seen.push(...at.list.map(({ entityName }) => entityName ?? ''));
      expect(at.pagination.total).toBe(7);
      await label(unique('later'));
      if (at.pagination.next === '') break;
      expect(at.pagination.next).toMatch(/^\/audit\?limit=3&offset=\d+&(kind=Label|to=[^&]+)&(kind=Label|to=[^&]+)$/);
      at = await follow(at.pagination.next);
    }

    expect(seen).toEqual(['L6', 'L5', 'L4', 'L3', 'L2', 'L1', 'L0']);
    expect(await page({ limit: 0 })).toMatchObject({ count: 0, list: [] });
  });

  it.each([
    [{ from: 'yesterday' }, "'from' must be a date"],
    [{ to: '2026-02-30' }, "'to' must be a date"],
    [{ from: '2026-02-02', to: '2026-02-01' }, "'from' must not be later than 'to'"],
    [{ kind: 'Token' }, "'kind' must be one of API, "],
    [{ action: 'read' }, "'action' must be one of created, updated, deleted"],
    [{ limit: 1001 }, "'limit' is at most 1000"],
    [{ limit: -1 }, 'limit'],
    [{ offset: 'x' }, 'offset'],
  ])('refuses %j', async (query, text) => {
    const answer = await admin.gatehouse('GET /audit', { query });

    expect(answer).toMatchObject({ status: 400, body: { code: 400, description: expect.stringContaining(text) } });
  });
});

describe.each(['/audit', '/audit/export'])('GET %s', (path) => {
  const get = (by: Actor, options: Parameters<Actor['gatehouse']>[1] = {}) => by.gatehouse<unknown>(`GET ${path}`, options);

  it('is for administrators', async () => {
    const publisher = await given.user({ by: admin, roles: ['Internal/publisher', 'Internal/creator', 'Internal/subscriber'] });

    expect(await get(publisher)).toFailWith(Unauthenticated());
    expect(await get(admin.withScopes('apim:api_view'))).toFailWith(Unauthenticated());
    expect(await get(admin, { as: NOBODY })).toFailWith(Unauthenticated());
  });

  it('shows nothing of another tenant, whatever the header says', async () => {
    const name = unique('hidden');
    await label(name);
    const stranger = (await given.organization()).admin;

    for (const by of [stranger, given.superAdmin]) {
      // The super tenant's administrator made the tenant, and sees that alone.
      const answer = await get(by, { headers: { 'X-WSO2-Tenant': domain }, query: { from: new Date(Date.now() - 120_000).toISOString() } });
      expect(answer.status).toBe(200);
      const text = Buffer.isBuffer(answer.body) ? answer.body.toString() : JSON.stringify(answer.body);
      expect(text).not.toContain(name);
      expect(text).not.toContain(`admin@${domain}`);
    }
  });
});

describe('GET /audit/export', () => {
  const lines = async (query: Record<string, string>): Promise<readonly string[]> => {
    const answer = await admin.gatehouse<Buffer | string | undefined>('GET /audit/export', { query });
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="audit.${query['format'] ?? 'jsonl'}"`);
    return (expected(answer, 200) ?? '').toString().trimEnd().split(/\r?\n/);
  };

  it('gives everything, oldest first, however much it is', async () => {
    await withDatabase((database) =>
      database.query(
        `INSERT INTO audit_entries (organization, at, actor, address, action, kind, entity_id, transaction_id)
         SELECT $1, '2001-01-01'::timestamptz + n / 3 * interval '1 microsecond', 'a@b', '', 'created', 'Label', n::text, n FROM generate_series(0, 4999) AS n`,
        [domain],
      ),
    );

    const entries = (await lines({ to: '2002-01-01' })).map((line) => JSON.parse(line) as AuditEntry); // the contract of the export

    expect(entries).toHaveLength(5_000);
    expect(new Set(entries.map(({ entityId }) => entityId)).size).toBe(5_000);
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort());
    expect((await auditOf(admin, { to: '2002-01-01', limit: 1 }))[0]).toMatchObject({ at: '2001-01-01T00:00:00.001666Z' });
    expect(await lines({ from: '2001-01-01T00:00:00.001666Z', to: '2002-01-01' })).toHaveLength(2);
  });

  it('gives CSV that no spreadsheet computes', async () => {
    await label("=cmd|'/C calc'!A0");

    const [head, ...rows] = await lines({ format: 'csv', kind: 'Label', user: 'admin' });

    expect(head).toBe('id,at,user,address,action,kind,entityId,entityName,parentId,transactionId,before,after');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain(`,"'=cmd|'/C calc'!A0",`);
  });

  it('knows no other formats, and the filters of the list', async () => {
    expect(await admin.gatehouse('GET /audit/export', { query: { format: 'xml' } })).toMatchObject({ status: 400 });
    expect(await admin.gatehouse('GET /audit/export', { query: { from: 'x' } })).toMatchObject({ status: 400 });
    expect(await lines({ from: '2999-01-01' })).toEqual(['']);
  });
});
