import { randomUUID } from 'node:crypto';
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
beforeEach(async () => {
  ({ admin } = await given.organization());
});

const archive = (text = '<h1>Home</h1>') => writeArchive([['home.html', text]]);
const upload = (file: FormField | undefined, by = admin) =>
  by.admin<unknown>('POST /org-themes', { form: { file, other: file ? undefined : 'x' } });
const list = async (query: RequestOptions['query'] = {}, by = admin) =>
  expected(await by.admin<readonly Theme[]>('GET /org-themes', { query }), 200);
const uploaded = async (text?: string): Promise<string> => {
  expected(await upload({ file: await archive(text), name: 'org.zip', type: 'application/zip' }), 200);
  return (await list({ publish: false }))[0]?.id ?? '';
};
const on = (operation: string, id: string, options: RequestOptions = {}, by = admin) => {
  const [method = '', suffix = ''] = operation.split(' ');
  return by.admin<unknown>(`${method} /org-themes/{id}${suffix}`, { path: { id }, ...options });
};
const act = (id: string, action: string, by = admin) => on('POST /status', id, { body: { action } }, by);

it('is a draft at first, read as it was uploaded', async () => {
  expect(await list()).toEqual([]);
  const id = await uploaded('1');

  const content = await on('GET /content', id);

  expect(await list()).toEqual([{ id, published: false }]);
  expect(content).toMatchObject({ status: 200, headers: { 'content-type': 'application/zip' }, body: await archive('1') });
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
  expect(await on('GET /content', first)).toFailWith(ThemeOfSomethingElse());

  expect((await act(second, 'UNPUBLISH')).status).toBe(200);
  expect(await list()).toEqual([{ id: second, published: false }]);
});

it('is the one draft, however many are uploaded at once, and deleted', async () => {
  const files = await Promise.all(['1', '2', '3'].map((text) => archive(text)));
  const answers = await Promise.all(files.map((file) => upload({ file, name: 'org.zip' })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const [draft, ...others] = await list();
  expect(others).toEqual([]);

  expect((await on('DELETE', draft?.id ?? '')).status).toBe(200);

  expect(await list()).toEqual([]);
});

it('may be of the super tenant too', async () => {
  expect((await upload({ file: await archive(), name: 'org.zip' }, given.superAdmin)).status).toBe(200);

  const [draft] = await list({ publish: false }, given.superAdmin);
  expect((await on('DELETE', draft?.id ?? '', {}, given.superAdmin)).status).toBe(200);
});

describe('refuses', () => {
  it.each([
    ['no file', undefined],
    ['what is no archive', { file: '<h1>Home</h1>', name: 'org.zip' }],
  ])('%s', async (_, file) => {
    expect(await upload(file)).toFailWith({ status: 400, code: 400 });
    expect(await list()).toEqual([]);
  });

  it('an archive above 5 MB, and one that unpacks to more than 50', async () => {
    expect(await upload({ file: new Uint8Array(6 * 1_048_576), name: 'org.zip' })).toFailWith({ status: 413, code: 413 });
    const bomb = await writeArchive([['zeros', Buffer.alloc(51 * 1_048_576)]]);
    expect(await upload({ file: bomb, name: 'org.zip' })).toFailWith({ status: 400, code: 400 });
  });

  it('a theme in the other state', async () => {
    const draft = await uploaded();
    expect(await act(draft, 'UNPUBLISH')).toFailWith(ThemeNotPublished());
    expected(await act(draft, 'PUBLISH'), 200);

    expect(await act(draft, 'PUBLISH')).toFailWith(ThemeNotDrafted());
  });

  it.each([randomUUID(), 'nothing', 'a\0b'])('the unknown theme %j', async (id) => {
    expect(await on('GET /content', id)).toFailWith(NoTheme());
    expect(await on('DELETE', id)).toFailWith(NoTheme());
    expect(await act(id, 'PUBLISH')).toFailWith(ThemeNotDrafted());
    await uploaded();

    expect(await on('GET /content', id)).toFailWith(ThemeOfSomethingElse());
    expect(await on('DELETE', id)).toFailWith(ThemeOfSomethingElse());
  });

  it('an action or a filter that is none', async () => {
    const id = await uploaded();

    expect(await act(id, 'BURN')).toFailWith({ status: 400, code: 400 });
    expect(await on('POST /status', id, { body: {} })).toFailWith({ status: 400, code: 400 });
    const filtered = await admin.admin('GET /org-themes', { query: { publish: 'yes' } });
    expect(filtered).toFailWith(BadRequest('Invalid value for the query parameter publish'));
  });

  it("another tenant's administrator", async () => {
    const id = await uploaded('ours');
    const { admin: stranger } = await given.organization();

    expect(await list({}, stranger)).toEqual([]);
    expect(await on('GET /content', id, {}, stranger)).toFailWith(NoTheme());
    expect(await act(id, 'PUBLISH', stranger)).toFailWith(ThemeNotDrafted());
    expect(await on('DELETE', id, {}, stranger)).toFailWith(NoTheme());
    expected(await upload({ file: await archive('theirs'), name: 'org.zip' }, stranger), 200);
    expect(await list()).toEqual([{ id, published: false }]);
    expect((await on('GET /content', id)).body).toEqual(await archive('ours'));
  });

  it('a scope for something else', async () => {
    const id = await uploaded();
    const other = admin.withScopes('apim:admin_settings');

    expect(await other.admin('GET /org-themes')).toFailWith(Unauthenticated());
    expect(await upload({ file: await archive(), name: 'org.zip' }, other)).toFailWith(Unauthenticated());
    expect(await on('GET /content', id, {}, other)).toFailWith(Unauthenticated());
    expect(await act(id, 'PUBLISH', other)).toFailWith(Unauthenticated());
    expect(await on('DELETE', id, {}, other)).toFailWith(Unauthenticated());
    expect((await admin.withScopes('apim:tenant_theme_manage').admin('GET /org-themes')).status).toBe(200);
  });
});
