import { randomBytes, randomUUID } from 'node:crypto';
import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import {
  ConsumerOrganizationExists,
  ConsumerOrganizationNotFound,
  ExternalIdBlank,
  ExternalIdTooLong,
  ForeignConsumerOrganization,
} from '../../src/identity/consumer-organizations/consumer-organizations.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { join } from '../support/consumer-organizations.js';
import { given } from '../support/given.js';

interface Organization {
  readonly organizationId: string;
  readonly externalOrganizationId: string;
  readonly displayName: string;
}
interface List {
  readonly count: number;
  readonly list: readonly Organization[];
}

let admin: Actor;
beforeEach(async () => {
  ({ admin } = await given.organization());
});

const ONE = '/organizations/{organizationId}';
const add = (body: Body, by = admin) => by.admin<Organization>('POST /organizations', { body });
const added = async (externalOrganizationId: string): Promise<Organization> => expected(await add({ externalOrganizationId }), 201);
const on = (operation: string, organizationId: string, options: RequestOptions = {}, by = admin) =>
  by.admin<Organization>(`${operation} ${ONE}`, { path: { organizationId }, ...options });
const list = async (by = admin) => expected(await by.admin<List>('GET /organizations'), 200);

it('are made, read, changed, listed and deleted', async () => {
  const answer = await add({ externalOrganizationId: 'acme', displayName: 'Acme', description: 'Tools' });
  const entry = expected(answer, 201);
  expect(entry).toMatchObject({ externalOrganizationId: 'acme', displayName: 'Acme', description: 'Tools', parentOrganizationId: '' });
  expect(answer.headers['location']).toContain(`/organizations/${entry.organizationId}`);
  expect(await on('GET', entry.organizationId)).toMatchObject({ status: 200, body: entry });
  const other = await added('beta');
  expect(other.displayName).toBe('beta');

  const changed = await on('PUT', entry.organizationId, { body: { externalOrganizationId: 'acme2', displayName: 'Acme Two' } });

  expect(changed).toMatchObject({ status: 200, body: { externalOrganizationId: 'acme2', displayName: 'Acme Two', description: '' } });
  expect(await list()).toEqual({ count: 2, list: [changed.body, other] });
  expect((await on('DELETE', entry.organizationId)).status).toBe(200);
  expect(await on('GET', entry.organizationId)).toFailWith(ConsumerOrganizationNotFound());
  expect((await list()).count).toBe(1);
});

it('are below the organization of the administrator who made them', async () => {
  await join(admin, admin, 'head-office');

  expect(await added('acme')).toMatchObject({ parentOrganizationId: 'head-office' });
});

describe('refuses', () => {
  it.each([
    ['no external id', { displayName: 'Acme' }, { status: 400, code: 400 }],
    ['a blank external id', { externalOrganizationId: ' ' }, ExternalIdBlank()],
    ['an external id that is too long', { externalOrganizationId: randomBytes(4_000).toString('hex') }, ExternalIdTooLong()],
    ['an empty name', { externalOrganizationId: 'acme', displayName: '' }, { status: 400, code: 400 }],
    ['a zero byte', { externalOrganizationId: 'a\0' }, { status: 400, code: 400 }],
  ])('%s', async (_, body, problem) => {
    expect(await add(body)).toFailWith(problem);
    expect((await list()).count).toBe(0);
  });

  it('an external id that is taken', async () => {
    await added('acme');
    const { organizationId } = await added('beta');

    expect(await add({ externalOrganizationId: 'acme' })).toFailWith(ConsumerOrganizationExists('acme'));
    expect(await on('PUT', organizationId, { body: { externalOrganizationId: 'acme' } })).toFailWith(ConsumerOrganizationExists('acme'));
  });

  it('an unknown organization', async () => {
    for (const id of [randomUUID(), 'nothing', 'a\0b']) {
      expect(await on('GET', id)).toFailWith(ConsumerOrganizationNotFound());
      expect(await on('PUT', id, { body: { externalOrganizationId: 'x' } })).toFailWith(ConsumerOrganizationNotFound());
      expect(await on('DELETE', id)).toFailWith(ConsumerOrganizationNotFound());
    }
  });

  it('a change under an outdated tag', async () => {
    const { organizationId } = await added('acme');
    const { headers } = await on('GET', organizationId);
    await on('PUT', organizationId, { body: { externalOrganizationId: 'acme', displayName: 'New' } });

    const stale = { headers: { 'if-match': String(headers['etag']) } };
    expect(await on('PUT', organizationId, { body: { externalOrganizationId: 'x' }, ...stale })).toFailWith(PreconditionFailed);
    expect(await on('DELETE', organizationId, stale)).toFailWith(PreconditionFailed);
  });

  it('a scope for something else, and another tenant', async () => {
    const { organizationId } = await added('acme');
    const { admin: stranger } = await given.organization();
    const narrow = admin.withScopes('apim:api_manage');

    for (const [operation, options] of [
      ['GET', {}],
      ['PUT', { body: { externalOrganizationId: 'x' } }],
      ['DELETE', {}],
    ] as const) {
      expect(await on(operation, organizationId, options, narrow)).toFailWith(Unauthenticated());
      expect(await on(operation, organizationId, options, stranger)).toFailWith(ForeignConsumerOrganization());
    }
    expect(await add({ externalOrganizationId: 'x' }, admin.withScopes('apim:organization_read'))).toFailWith(Unauthenticated());
    expect((await list(stranger)).count).toBe(0);
    expect((await list()).count).toBe(1);
  });
});
