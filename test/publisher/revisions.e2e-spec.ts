import { randomUUID } from 'node:crypto';
import {
  ApiNotFound,
  RevisionDeployed,
  RevisionNotFound,
  RevisionOfThirdPartyApi,
  RevisionOfUnknownApi,
  TooManyRevisions,
} from '../../src/apis/revisions/revisions.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';

interface Revision {
  readonly id: string;
  readonly displayName: string;
  readonly deploymentInfo: readonly unknown[];
}
interface RevisionList {
  readonly count: number;
  readonly list: readonly Revision[];
}

const revision = async (by: Actor, apiId: string, description = ''): Promise<Revision> =>
  expected(await by.publisher<Revision>('POST /apis/{apiId}/revisions', { path: { apiId }, body: { description } }), 201);

const list = async (by: Actor, apiId: string, query?: string): Promise<RevisionList> =>
  expected(await by.publisher<RevisionList>('GET /apis/{apiId}/revisions', { path: { apiId }, query: { query } }), 200);

describe('POST /apis/{apiId}/revisions', () => {
  it('keeps the API as it is', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });

    const answer = await admin.publisher<Revision>('POST /apis/{apiId}/revisions', {
      path: { apiId: api.id },
      body: { description: 'first' },
    });

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe(`/apis/${api.id}/revisions/${answer.body.id}`);
    expect(answer.body).toMatchObject({ displayName: 'Revision 1', description: 'first', apiInfo: { id: api.id }, deploymentInfo: [] });
  });

  it('never gives a number twice, and keeps at most five', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const revisions = [];
    for (let number = 1; number <= 5; number++) revisions.push(await revision(admin, id));

    const sixth = await admin.publisher('POST /apis/{apiId}/revisions', { path: { apiId: id }, body: {} });
    const last = revisions[4]?.id ?? '';
    expected(await admin.publisher('DELETE /apis/{apiId}/revisions/{revisionId}', { path: { apiId: id, revisionId: last } }), 200);
    const next = await revision(admin, id);

    expect(sixth).toFailWith(TooManyRevisions(id));
    expect(next.displayName).toBe('Revision 6');
  });

  it('counts right when asked for several at once', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => admin.publisher('POST /apis/{apiId}/revisions', { path: { apiId: id }, body: {} })),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 400, 400, 400]);
    expect((await list(admin, id)).list.map(({ displayName }) => displayName)).toEqual(
      [1, 2, 3, 4, 5].map((number) => `Revision ${number}`),
    );
  });

  it.each([
    ['a description that is too long', { description: 'x'.repeat(256) }],
    ['a description that is no text', { description: 5 }],
    ['an unknown property', { unknown: true }],
  ])('refuses %s', async (_, body) => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    const answer = await admin.publisher('POST /apis/{apiId}/revisions', { path: { apiId: id }, body });

    expect(answer).toFailWith({ status: 400, code: 400 });
    expect((await list(admin, id)).count).toBe(0);
  });

  it('refuses an API that is only advertised', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({
      by: admin,
      with: { advertiseInfo: { advertised: true, apiExternalProductionEndpoint: 'https://example.com' } },
    });

    const answer = await admin.publisher('POST /apis/{apiId}/revisions', { path: { apiId: id }, body: {} });

    expect(answer).toFailWith(RevisionOfThirdPartyApi(id));
  });
});

describe('GET /apis/{apiId}/revisions', () => {
  it('lists those that are deployed, those that are not, or all', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    const deployed = await given.deployment(api, admin);
    const other = await revision(admin, api.id);

    const ids = async (query?: string) => (await list(admin, api.id, query)).list.map(({ id }) => id);

    expect(await ids()).toEqual([deployed, other.id]);
    expect(await ids('deployed:true')).toEqual([deployed]);
    expect(await ids('deployed:false')).toEqual([other.id]);
  });

  it('shows nothing of an unknown API', async () => {
    expect(await list(given.superAdmin, randomUUID())).toEqual({ count: 0, list: [] });
    expect(await list(given.superAdmin, 'no-uuid')).toEqual({ count: 0, list: [] });
  });
});

describe('GET /apis/{apiId}/revisions/{revisionId}', () => {
  it('shows one', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const made = await revision(admin, id, 'the one');

    const answer = await admin.publisher('GET /apis/{apiId}/revisions/{revisionId}', { path: { apiId: id, revisionId: made.id } });

    expect(answer).toMatchObject({ status: 200, body: { id: made.id, description: 'the one' } });
  });
});

describe('DELETE /apis/{apiId}/revisions/{revisionId}', () => {
  it('gives the remaining ones', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const gone = await revision(admin, id);
    const kept = await revision(admin, id);

    const answer = await admin.publisher<RevisionList>('DELETE /apis/{apiId}/revisions/{revisionId}', {
      path: { apiId: id, revisionId: gone.id },
    });

    expect(answer.status).toBe(200);
    expect(answer.body.list.map((one) => one.id)).toEqual([kept.id]);
  });

  it('refuses one that is deployed', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    const revisionId = await given.deployment(api, admin);

    const answer = await admin.publisher('DELETE /apis/{apiId}/revisions/{revisionId}', { path: { apiId: api.id, revisionId } });

    expect(answer).toFailWith(RevisionDeployed(revisionId));
  });
});

describe('POST /apis/{apiId}/restore-revision', () => {
  it('makes the working copy what the revision is', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin, with: { description: 'before' } });
    const path = { apiId: api.id };
    const before = expected(await admin.publisher('GET /apis/{apiId}', { path }), 200);
    const definition = expected(await admin.publisher('GET /apis/{apiId}/swagger', { path }), 200);
    const made = await revision(admin, api.id);
    const operations = [{ target: '/other', verb: 'GET' }];
    expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...before, description: 'after', operations } }), 200);

    const answer = await admin.publisher('POST /apis/{apiId}/restore-revision', { path, query: { revisionId: made.id } });

    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ id: api.id, description: 'before', operations: before['operations'] });
    expect(expected(await admin.publisher('GET /apis/{apiId}/swagger', { path }), 200)).toEqual(definition);
  });

  it('wants to know which', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    const answer = await admin.publisher<unknown>('POST /apis/{apiId}/restore-revision', { path: { apiId: id } });

    expect(answer).toMatchObject({ status: 400, body: 'Revision Id is not provided' });
  });
});

const ON_ONE = [
  ['GET /apis/{apiId}/revisions/{revisionId}', {}],
  ['DELETE /apis/{apiId}/revisions/{revisionId}', {}],
  ['POST /apis/{apiId}/restore-revision', {}],
] as const;

describe.each(ON_ONE)('%s', (operation) => {
  const call = (by: Actor, apiId: string, revisionId: string) =>
    by.publisher(operation, { path: { apiId, revisionId }, query: operation.includes('{revisionId}') ? {} : { revisionId } });

  it('knows no revision of another API', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    const other = await revision(admin, (await given.api({ by: admin })).id);

    expect(await call(admin, api.id, other.id)).toFailWith(RevisionNotFound(other.id));
    expect(await call(admin, api.id, 'no-uuid')).toFailWith(RevisionNotFound('no-uuid'));
  });

  it('knows no API of another tenant', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    const made = await revision(admin, api.id);
    const stranger = (await given.organization()).admin;

    expect(await call(stranger, api.id, made.id)).toFailWith(ApiNotFound(api.id));
    expect(await call(stranger, 'no-uuid', made.id)).toFailWith(ApiNotFound('no-uuid'));
    expect((await list(admin, api.id)).count).toBe(1);
  });

  it('needs a scope', async () => {
    expect(await call(given.superAdmin.withScopes('apim:subscribe'), randomUUID(), randomUUID())).toFailWith(Unauthenticated());
  });
});

describe.each(['GET /apis/{apiId}/revisions', 'POST /apis/{apiId}/revisions'])('%s', (operation) => {
  const call = (by: Actor, apiId: string) =>
    by.publisher(operation, { path: { apiId }, ...(operation.startsWith('POST') ? { body: {} } : {}) });

  it('needs a scope', async () => {
    expect(await call(given.superAdmin.withScopes('apim:subscribe'), randomUUID())).toFailWith(Unauthenticated());
  });

  it('does nothing for another tenant', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const stranger = (await given.organization()).admin;

    const answer = await call(stranger, id);

    if (operation.startsWith('POST')) expect(answer).toFailWith(RevisionOfUnknownApi(id));
    else expect(answer.body).toEqual({ count: 0, list: [] });
    expect((await list(admin, id)).count).toBe(0);
  });
});

it('lets a creator alone make no revision of a published API', async () => {
  const { admin } = await given.organization();
  const creator = await given.user({ roles: ['Internal/creator'], by: admin });
  const api = await given.api({ by: admin });
  await given.deployment(api, admin);
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);

  const answer = await creator.publisher('POST /apis/{apiId}/revisions', { path: { apiId: api.id }, body: {} });

  expect(answer).toFailWith({ status: 403, code: 900380 });
});
