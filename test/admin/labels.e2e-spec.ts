import { randomUUID } from 'node:crypto';
import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { LabelAttached, LabelExists, LabelNameBlank, LabelNotFound } from '../../src/labels/labels.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';

interface Label {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}
interface List {
  readonly count: number;
  readonly list: readonly Label[];
}

let admin: Actor;
beforeEach(async () => {
  ({ admin } = await given.organization());
});

const ONE = '/labels/{labelId}';
const add = (body: Body, by = admin) => by.admin<Label>('POST /labels', { body });
const added = async (name: string): Promise<Label> => expected(await add({ name }), 201);
const on = (operation: string, labelId: string, options: RequestOptions = {}, by = admin) =>
  by.admin<Label>(operation, { path: { labelId }, ...options });
const list = async (by = admin) => expected(await by.admin<List>('GET /labels'), 200);
const attached = async (label: Label) => {
  const api = await given.api({ by: admin });
  const path = { apiId: api.id };
  expected(await admin.publisher('POST /apis/{apiId}/attach-labels', { path, body: { labels: [label.id] } }), 200);
  return api;
};

it('are made, changed and listed by name', async () => {
  const answer = await add({ name: ' Health ', description: 'Care' });
  const { id } = expected(answer, 201);
  expect(answer.headers['location']).toContain(`/labels/${id}`);
  const finance = await added('Finance');

  const changed = expected(await on(`PUT ${ONE}`, id, { body: { name: 'Medicine', description: 'Care' } }), 200);

  expect(changed).toEqual({ id, name: 'Medicine', description: 'Care' });
  expect(await list()).toMatchObject({ count: 2, list: [finance, changed], pagination: { total: 2, offset: 0, next: '' } });
});

it('tell which APIs carry them', async () => {
  const label = await added('Health');
  expect(await on(`GET ${ONE}/usage`, label.id)).toMatchObject({ status: 200, body: { apis: { count: 0, list: [] } } });
  const { id, name, version } = await attached(label);

  const answer = await on(`GET ${ONE}/usage`, label.id);

  const apis = { count: 1, list: [{ id, name, version, provider: admin.username }] };
  expect(answer).toMatchObject({ status: 200, body: { apis } });
});

it('are deleted unless an API carries them', async () => {
  const label = await added('Health');
  const api = await attached(label);
  expect(await on(`DELETE ${ONE}`, label.id)).toFailWith(LabelAttached());
  expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);

  expect((await on(`DELETE ${ONE}`, label.id)).status).toBe(200);

  expect((await list()).count).toBe(0);
});

describe('refuses', () => {
  it.each([
    ['no name', {}, { status: 400, code: 400 }],
    ['an empty name', { name: '' }, { status: 400, code: 400 }],
    ['a blank name', { name: ' ' }, LabelNameBlank()],
    ['a name that is too long', { name: 'x'.repeat(256) }, { status: 400, code: 400 }],
    ['a zero byte', { name: 'a\0' }, { status: 400, code: 400 }],
  ])('%s', async (_, body, problem) => {
    expect(await add(body)).toFailWith(problem);
    expect((await list()).count).toBe(0);
  });

  it('a name that is taken', async () => {
    await added('Health');
    const { id } = await added('Finance');

    expect(await add({ name: 'Health' })).toFailWith(LabelExists('Health'));
    expect(await on(`PUT ${ONE}`, id, { body: { name: 'Health' } })).toFailWith(LabelExists('Health'));
  });

  it('an unknown label', async () => {
    for (const id of [randomUUID(), 'nothing', 'a\0b']) {
      expect(await on(`PUT ${ONE}`, id, { body: { name: 'x' } })).toFailWith(LabelNotFound(id));
      expect(await on(`DELETE ${ONE}`, id)).toFailWith(LabelNotFound(id));
      expect(await on(`GET ${ONE}/usage`, id)).toFailWith(LabelNotFound(id));
    }
  });

  it('a change under an outdated tag', async () => {
    const { id } = await added('Health');
    const { headers } = await on(`PUT ${ONE}`, id, { body: { name: 'Care' } });
    await on(`PUT ${ONE}`, id, { body: { name: 'Medicine' } });

    const stale = { headers: { 'if-match': String(headers['etag']) } };
    expect(await on(`PUT ${ONE}`, id, { body: { name: 'x' }, ...stale })).toFailWith(PreconditionFailed);
    expect(await on(`DELETE ${ONE}`, id, stale)).toFailWith(PreconditionFailed);
  });

  it('a scope for something else, and another tenant', async () => {
    const { id } = await added('Health');
    const { admin: stranger } = await given.organization();
    const narrow = admin.withScopes('apim:api_manage');

    const changes: readonly (readonly [string, RequestOptions])[] = [
      [`PUT ${ONE}`, { body: { name: 'x' } }],
      [`GET ${ONE}/usage`, {}],
      [`DELETE ${ONE}`, {}],
    ];
    for (const [operation, options] of changes) {
      expect(await on(operation, id, options, narrow)).toFailWith(Unauthenticated());
      expect(await on(operation, id, options, stranger)).toFailWith(LabelNotFound(id));
    }
    expect(await narrow.admin('GET /labels')).toFailWith(Unauthenticated());
    expect(await add({ name: 'x' }, narrow)).toFailWith(Unauthenticated());
    expect((await list(stranger)).count).toBe(0);
    expect((await list()).count).toBe(1);
  });
});
