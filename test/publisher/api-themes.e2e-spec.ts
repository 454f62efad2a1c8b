import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { BadRequest, Unauthenticated } from '../../src/domain/problem.js';
import { writeArchive } from '../../src/platform/archives/write-archive.js';
import { NoTheme, ThemeNotDrafted, ThemeNotPublished, ThemeOfSomethingElse } from '../../src/themes/themes.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { FormField, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';

interface Theme {
  readonly id: string;
  readonly published: boolean;
}

let admin: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
});
beforeEach(async () => {
  ({ id: apiId } = await given.api({ by: admin }));
});

const ALL = '/apis/{apiId}/api-themes';
const archive = (text = 'body {}') => writeArchive([['css/api.css', text]]);
const upload = async (file: FormField | undefined, by = admin) =>
  by.publisher<unknown>(`POST ${ALL}`, { path: { apiId }, form: { file, other: file ? undefined : 'x' } });
const uploaded = async (text?: string): Promise<string> => {
  expected(await upload({ file: await archive(text), name: 'theme.zip', type: 'application/zip' }), 200);
  const drafts = await list({ publish: false });
  return drafts[0]?.id ?? '';
};
const list = async (query: RequestOptions['query'] = {}) =>
  expected(await admin.publisher<readonly Theme[]>(`GET ${ALL}`, { path: { apiId }, query }), 200);
const on = (operation: string, id: string, options: RequestOptions = {}, by = admin) => {
  const [method = '', suffix = ''] = operation.split(' ');
  return by.publisher<unknown>(`${method} ${ALL}/{id}${suffix}`, { path: { apiId, id }, ...options });
};
const act = (id: string, action: string) => on('POST /status', id, { body: { action } });

it('is a draft at first, read as it was uploaded', async () => {
  const id = await uploaded('h1 {}');

  const content = await on('GET /content', id);

  expect(await list()).toEqual([{ id, published: false }]);
  expect(content).toMatchObject({ status: 200, headers: { 'content-type': 'application/zip' } });
  expect(content.body).toEqual(await archive('h1 {}'));
});

it('is put to use in place of the one before, and taken back', async () => {
  const first = await uploaded('1');
  expect((await act(first, 'PUBLISH')).status).toBe(200);
  const second = await uploaded('2');
  expect(await list()).toEqual([
    { id: second, published: false },
    { id: first, published: true },
  ]);

  expect((await act(second, 'PUBLISH')).status).toBe(200);
  expect(await list({ publish: true })).toEqual([{ id: second, published: true }]);
  expect(await list({ publish: false })).toEqual([]);

  expect((await act(second, 'UNPUBLISH')).status).toBe(200);
  expect(await list()).toEqual([{ id: second, published: false }]);
});

it('is replaced by the next draft, and deleted', async () => {
  const first = await uploaded('1');
  const second = await uploaded('2');
  expect(second).not.toBe(first);
  expect(await list()).toEqual([{ id: second, published: false }]);

  expect((await on('DELETE', second)).status).toBe(200);

  expect(await list()).toEqual([]);
});

it('goes with its API', async () => {
  await uploaded();

  expect((await admin.publisher('DELETE /apis/{apiId}', { path: { apiId } })).status).toBe(200);
});

describe('refuses', () => {
  it.each([
    ['no file', undefined],
    ['what is no archive', { file: 'body {}', name: 'theme.zip' }],
    ['half an archive', { file: 'PK\u0003\u0004', name: 'theme.zip' }],
  ])('%s', async (_, file) => {
    expect(await upload(file)).toFailWith({ status: 400, code: 400 });
    expect(await list()).toEqual([]);
  });

  it('an empty archive', async () => {
    expect(await upload({ file: await writeArchive([]), name: 'theme.zip' })).toFailWith(BadRequest('The archive is empty.'));
  });

  it('an archive above 5 MB, and one that unpacks to more than 50', async () => {
    expect(await upload({ file: new Uint8Array(6 * 1_048_576), name: 'theme.zip' })).toFailWith({ status: 413, code: 413 });
    const bomb = await writeArchive([['zeros', Buffer.alloc(51 * 1_048_576)]]);
    expect(await upload({ file: bomb, name: 'theme.zip' })).toFailWith({ status: 400, code: 400 });
  });

  it('a theme in the other state', async () => {
    const draft = await uploaded();
    expect(await act(draft, 'UNPUBLISH')).toFailWith(ThemeNotPublished());
    expected(await act(draft, 'PUBLISH'), 200);

    expect(await act(draft, 'PUBLISH')).toFailWith(ThemeNotDrafted());
  });

  it.each([randomUUID(), 'nothing', 'a\0b'])('the unknown theme %j', async (id) => {
    expect(await on('GET /content', id)).toFailWith(NoTheme());
    expect(await act(id, 'PUBLISH')).toFailWith(ThemeNotDrafted());
    await uploaded();

    expect(await on('GET /content', id)).toFailWith(ThemeOfSomethingElse());
    expect(await on('DELETE', id)).toFailWith(ThemeOfSomethingElse());
  });

  it('an action or a filter that is none', async () => {
    const id = await uploaded();

    expect(await act(id, 'BURN')).toFailWith({ status: 400, code: 400 });
    expect(await on('POST /status', id, { body: {} })).toFailWith({ status: 400, code: 400 });
    const filtered = await admin.publisher(`GET ${ALL}`, { path: { apiId }, query: { publish: ['true', 'false'] } });
    expect(filtered).toFailWith(BadRequest('Invalid value for the query parameter publish'));
  });

  it('another tenant, and a scope for something else', async () => {
    const id = await uploaded();
    const { admin: stranger } = await given.organization();
    const file = { file: await archive(), name: 'theme.zip' };

    for (const [by, problem] of [
      [stranger, ApiNotFound(apiId)],
      [admin.withScopes('apim:subscribe'), Unauthenticated()],
    ] as const) {
      expect(await by.publisher(`GET ${ALL}`, { path: { apiId } })).toFailWith(problem);
      expect(await upload(file, by)).toFailWith(problem);
      expect(await on('GET /content', id, {}, by)).toFailWith(problem);
      expect(await on('POST /status', id, { body: { action: 'PUBLISH' } }, by)).toFailWith(problem);
      expect(await on('DELETE', id, {}, by)).toFailWith(problem);
    }
    expect(await list()).toEqual([{ id, published: false }]);
  });
});
