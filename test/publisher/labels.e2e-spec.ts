import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { LabelAttachmentFailed, LabelDetachmentFailed } from '../../src/apis/labels/api-labels.problems.js';
import { Forbidden, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';

interface List {
  readonly count: number;
  readonly list: readonly { readonly id: string; readonly name: string }[];
}

let admin: Actor;
let apiId: string;
let care: string;
let money: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
  care = await label('Care', admin);
  money = await label('Public money', admin);
});
beforeEach(async () => {
  ({ id: apiId } = await given.api({ by: admin }));
});

const label = async (name: string, by: Actor) => expected(await by.admin<{ id: string }>('POST /labels', { body: { name } }), 201).id;
const attach = (labels: unknown, by = admin) =>
  by.publisher<List>('POST /apis/{apiId}/attach-labels', { path: { apiId }, body: { labels } });
const detach = (labels: unknown, by = admin) =>
  by.publisher<List>('POST /apis/{apiId}/detach-labels', { path: { apiId }, body: { labels } });
const of = (by = admin) => by.publisher<List>('GET /apis/{apiId}/labels', { path: { apiId } });
const names = async () => expected(await of(), 200).list.map(({ name }) => name);

it('of the tenant are listed', async () => {
  const answer = await admin.publisher<List>('GET /labels');

  expect(answer).toMatchObject({ status: 200, body: { count: 2, list: [{ name: 'Care' }, { name: 'Public money' }] } });
});

it('are attached and detached', async () => {
  const first = await attach([money, care, money]);
  expect(first).toMatchObject({ status: 200, body: { count: 2, list: [{ id: care }, { id: money }] } });
  expect((await of()).body).toEqual(first.body);

  const second = await detach([care]);

  expect(second).toMatchObject({ status: 200, body: { count: 1, list: [{ id: money }] } });
  expect((await attach([money])).body).toEqual(second.body);
  expect((await detach([care])).body).toEqual(second.body);
});

it('find the APIs that carry them', async () => {
  const green = await label('Green energy', admin);
  expected(await attach([green]), 200);

  const found = async (query: string) =>
    expected(await admin.publisher<List>('GET /apis', { query: { query } }), 200).list.map(({ id }) => id);

  expect(await found('label:green energy')).toEqual([apiId]);
  expect(await found('label:green')).toEqual([]);
});

it('of a published API are changed by creators too', async () => {
  const creator = await given.user({ roles: ['Internal/creator'], by: admin });
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);

  expect((await attach([care], creator)).status).toBe(200);
});

describe('refuses', () => {
  it.each([randomUUID(), 'nothing', 'x'.repeat(300)])('the unknown label %p', async (id) => {
    expect(await attach([care, id])).toFailWith(LabelAttachmentFailed(`There is no label ${id}.`));
    expect(await detach([id])).toFailWith(LabelDetachmentFailed(`There is no label ${id}.`));
    expect(await names()).toEqual([]);
  });

  it.each([[['a\0b']], ['x'], [[1]]])('%j for a list of labels', async (labels) => {
    expect(await attach(labels)).toFailWith({ status: 400, code: 400 });
  });

  it('any number of unknown labels', async () => {
    const many = Array.from({ length: 70_000 }, () => randomUUID());

    expect(await attach(many)).toFailWith({ status: 400, code: 900655 });
  });

  it('the label of another tenant', async () => {
    const { admin: stranger } = await given.organization();
    const theirs = await label('Theirs', stranger);

    expect(await attach([theirs])).toFailWith(LabelAttachmentFailed(`There is no label ${theirs}.`));
  });

  it('another tenant, and a scope for something else', async () => {
    const { admin: stranger } = await given.organization();
    for (const call of [of(stranger), attach([care], stranger), detach([care], stranger)]) {
      expect(await call).toFailWith(ApiNotFound(apiId));
    }
    const narrow = admin.withScopes('apim:subscribe');
    for (const call of [of(narrow), attach([care], narrow), detach([care], narrow), narrow.publisher('GET /labels')]) {
      expect(await call).toFailWith(Unauthenticated());
    }
  });

  it('whom the access roles of the API keep out', async () => {
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });
    ({ id: apiId } = await given.api({ by: admin, with: { accessControl: 'RESTRICTED', accessControlRoles: ['Internal/publisher'] } }));

    expect(await attach([care], creator)).toFailWith(Forbidden('User is not authorized to access the API'));
  });
});
