import { Unauthenticated } from '../../src/domain/problem.js';
import { writeArchive } from '../../src/platform/archives/write-archive.js';
import { SuperTenantHasNoTheme, TenantThemeNotFound, TenantThemeUnusable } from '../../src/themes/themes.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { FormField } from '../support/client.js';
import { given } from '../support/given.js';

let admin: Actor;
let domain: string;
beforeEach(async () => {
  ({ admin, domain } = await given.organization());
});

const archive = (text = 'body {}') => writeArchive([['apim/defaultTheme.json', text]]);
const upload = (file: FormField | undefined, by = admin) =>
  by.admin('PUT /tenant-theme', { form: { file, other: file ? undefined : 'x' } });
const download = (by = admin) => by.admin<unknown>('GET /tenant-theme');
const zip = (file: string | Uint8Array): FormField => ({ file, name: 'theme.zip', type: 'application/zip' });

it('is there once it was uploaded, byte by byte, until the next one', async () => {
  expect(await download()).toFailWith(TenantThemeNotFound(domain));

  expect((await upload(zip(await archive('1')))).status).toBe(200);
  expect(await download()).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/zip', 'content-disposition': expect.stringContaining('.zip') },
    body: await archive('1'),
  });

  expected(await upload(zip(await archive('2'))), 200);
  expect((await download()).body).toEqual(await archive('2'));
});

it("is no other tenant's", async () => {
  const other = await given.organization();
  expected(await upload(zip(await archive('ours'))), 200);

  expect(await download(other.admin)).toFailWith(TenantThemeNotFound(other.domain));
  expected(await upload(zip(await archive('theirs')), other.admin), 200);
  expect((await download()).body).toEqual(await archive('ours'));
});

it('is not for the super tenant', async () => {
  expect(await upload(zip(await archive()), given.superAdmin)).toFailWith(SuperTenantHasNoTheme('carbon.super'));
  expect(await download(given.superAdmin)).toFailWith(TenantThemeNotFound('carbon.super'));
});

describe('stays as it is after', () => {
  const refused = async (file: FormField | undefined, problem: Parameters<ReturnType<typeof expect>['toFailWith']>[0]) => {
    expected(await upload(zip(await archive('before'))), 200);

    expect(await upload(file)).toFailWith(problem);
    expect((await download()).body).toEqual(await archive('before'));
  };

  it.each([
    ['what is no archive', 'body {}'],
    ['half an archive', 'PK\u0003\u0004'],
  ])('%s', async (_, file) => refused(zip(file), TenantThemeUnusable()));

  it('an empty archive', async () => refused(zip(await writeArchive([])), TenantThemeUnusable(domain, 'The archive is empty.')));

  it('an archive that leads out of itself', async () => {
    // Names of one length, so that the archive stays a sound one.
    const bytes = Buffer.from((await writeArchive([['aa/evil.css', 'x']])).toString('latin1').replaceAll('aa/evil', '../evil'), 'latin1');

    await refused(zip(bytes), TenantThemeUnusable());
  });

  it('an archive above 5 MB', async () => refused(zip(new Uint8Array(6 * 1_048_576)), { status: 413, code: 413 }));

  it('an archive that unpacks to more than 50 MB', async () =>
    refused(zip(await writeArchive([['zeros', Buffer.alloc(51 * 1_048_576)]])), TenantThemeUnusable()));

  it('no file', async () => refused(undefined, { status: 400, code: 400 }));
});

describe('is taken away', () => {
  const remove = (by = admin) => by.gatehouse('DELETE /tenant-theme');

  it('by an administrator', async () => {
    expected(await upload(zip(await archive())), 200);

    expect((await remove()).status).toBe(200);

    expect(await download()).toFailWith(TenantThemeNotFound(domain));
    expect(await remove()).toFailWith(TenantThemeNotFound(domain));
  });

  it('by nobody of another tenant, nor with another scope', async () => {
    const other = await given.organization();
    expected(await upload(zip(await archive())), 200);

    expect(await remove(other.admin)).toFailWith(TenantThemeNotFound(other.domain));
    expect(await remove(admin.withScopes('apim:admin_settings'))).toFailWith(Unauthenticated());
    expect((await download()).status).toBe(200);
  });
});

it('wants apim:admin or apim:tenant_theme_manage', async () => {
  expect(await upload(zip(await archive()), admin.withScopes('apim:admin_settings'))).toFailWith(Unauthenticated());
  expect(await download(admin.withScopes('apim:admin_settings'))).toFailWith(Unauthenticated());

  expect((await upload(zip(await archive()), admin.withScopes('apim:tenant_theme_manage'))).status).toBe(200);
});
