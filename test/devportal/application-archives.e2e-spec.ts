import { type Actor, expected } from '../support/actor.js';
import { contentsOf, exportOf, importOf, type Key, subscribed, written } from '../support/application-archives.js';
import { type ArchiveContents, unzip, zip } from '../support/archives.js';
import { joinGroups } from '../support/consumer-organizations.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApplication, given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Skipped {
  readonly count: number;
  readonly list: readonly { readonly id: string; readonly name: string; readonly version: string; readonly provider: string }[];
}

const CONSUMER = ['Internal/subscriber'];
const APPLICATION = '/applications/{applicationId}';

const remove = async (by: Actor, { applicationId }: Pick<GivenApplication, 'applicationId'>) =>
  expected(await by.devportal(`DELETE ${APPLICATION}`, { path: { applicationId } }), 200);

const subscriptionsOf = async (by: Actor, applicationId: string) =>
  expected(
    await by.devportal<{ list: readonly { apiId: string; throttlingPolicy: string }[] }>('GET /subscriptions', {
      query: { applicationId },
    }),
    200,
  ).list;

describe('the archive of an application', () => {
  it('is a folder of the owner’s and the application’s name with what the application is', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin });
    const application = await given.application(admin, { throttlingPolicy: '20PerMin', description: 'Weather' });
    await given.subscription(api, application, { by: admin });
    await given.keys(application, { by: admin });

    const archive = await exportOf(admin, application.name);

    expect([...(await unzip(archive)).keys()]).toEqual([`${admin.username}-${application.name}/application.yaml`]);
    expect(await contentsOf(archive)).toEqual({
      type: 'application',
      version: 'v4.7.0',
      data: {
        applicationInfo: {
          name: application.name,
          throttlingPolicy: '20PerMin',
          description: 'Weather',
          tokenType: 'JWT',
          groups: [],
          attributes: {},
          owner: admin.username,
          visibility: 'PRIVATE',
          keys: [],
        },
        subscribedAPIs: [{ apiId: { providerName: admin.username, apiName: api.name, version: '1.0.0' }, throttlingPolicy: 'Unlimited' }],
      },
    });
  });

  it('holds the keys when asked for, secrets in base64', async () => {
    const { admin } = await given.organization();
    const application = await given.application(admin);
    const keys = await given.keys(application, { by: admin });
    const path = { applicationId: application.applicationId, keyMappingId: keys.keyMappingId };
    const more = await admin.devportal<{ secretValue: string }>(`POST ${APPLICATION}/oauth-keys/{keyMappingId}/generate-secret`, {
      path,
      body: { additionalProperties: { description: 'second' } },
    });

    const { applicationInfo } = (await contentsOf(await exportOf(admin, application.name, { withKeys: true }))).data;

    const [key] = applicationInfo.keys;
    const decoded = (text: string | undefined) => Buffer.from(text ?? '', 'base64').toString();
    expect(key).toMatchObject({
      keyManager: 'Resident Key Manager',
      keyType: 'PRODUCTION',
      consumerKey: keys.consumerKey,
      mode: 'CREATED',
    });
    expect(decoded(key?.consumerSecret)).toBe(more.body.secretValue);
    expect(key?.consumerSecrets.map(({ secretValue }) => decoded(secretValue))).toEqual([keys.consumerSecret, more.body.secretValue]);
  });

  it('is JSON when asked for, of any owner of the tenant, whatever the application is called', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ roles: CONSUMER, by: admin });
    const name = unique('../a\\b/ü');
    await given.application(ann, { name });

    const files = await unzip(await exportOf(admin, name, { appOwner: ann.username, format: 'JSON' }));

    const [[path, bytes] = []] = [...files];
    expect(path).toBe(`${ann.username}-${name.replace(/[/\\]/g, '#')}/application.json`);
    expect(JSON.parse(bytes?.toString() ?? '')).toMatchObject({
      type: 'application',
      data: { applicationInfo: { name, owner: ann.username } },
    });
  });

  it.each([
    ['a blank name', { appName: ' ', appOwner: 'admin' }],
    ['no name', { appOwner: 'admin' }],
    ['no owner', { appName: 'App' }],
    ['a blank owner', { appName: 'App', appOwner: '' }],
    ['a zero byte', { appName: 'a\0b', appOwner: 'admin' }],
    ['an unknown format', { appName: 'App', appOwner: 'admin', format: 'XML' }],
    ['a flag that is none', { appName: 'App', appOwner: 'admin', withKeys: 'maybe' }],
  ])('is refused for %s', async (_, query) => {
    expect(await given.superAdmin.devportal('GET /applications/export', { query })).toFailWith({ status: 400, code: 400 });
  });

  it('is not found for an unknown name or owner, nor in another tenant', async () => {
    const { admin } = await given.organization();
    const { name } = await given.application(admin);
    const unknown = { status: 404, code: 900307, message: 'Application not found' };
    const asking = (by: Actor, appName: string, appOwner: string) =>
      by.devportal('GET /applications/export', { query: { appName, appOwner } });

    expect(await asking(admin, 'nonesuch', admin.username)).toFailWith(unknown);
    expect(await asking(admin, name, 'nobody')).toFailWith(unknown);
    expect(await asking(given.superAdmin, name, admin.username)).toFailWith(unknown);
  });

  it('comes back as it was: removed and imported, the application makes the same archive, and its keys work', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ roles: CONSUMER, by: admin });
    await joinGroups(admin, ann, 'sales');
    const scope = { name: unique('read'), displayName: 'Read', description: '', bindings: ['Internal/subscriber'] };
    const operations = [{ target: '/*', verb: 'GET', authType: 'Any', throttlingPolicy: 'Unlimited', scopes: [scope.name] }];
    const backend = await given.backend();
    const apis = [
      await given.publishedApi({
        by: admin,
        backend,
        policies: ['Gold', 'Unlimited'],
        with: { scopes: [{ scope, shared: false }], operations },
      }),
      await given.publishedApi({ by: admin, backend }),
    ];
    const application = await given.application(ann, { groups: ['sales'], throttlingPolicy: '10PerMin', description: 'd: "x"\n- y' });
    for (const [index, api] of apis.entries()) {
      await given.subscription(api, application, { by: ann, policy: index === 0 ? 'Gold' : 'Unlimited' });
    }
    const keys = await given.keys(application, { by: ann });
    await given.keys(application, { by: ann, keyType: 'SANDBOX', with: { callbackUrl: 'https://example.com/back' } });
    const path = { applicationId: application.applicationId, keyMappingId: keys.keyMappingId };
    const expiresIn = 86_400;
    expected(
      await ann.devportal(`POST ${APPLICATION}/oauth-keys/{keyMappingId}/generate-secret`, {
        path,
        body: { additionalProperties: { description: 'later', expiresIn } },
      }),
      201,
    );
    const before = await exportOf(admin, application.name, { appOwner: ann.username, withKeys: true });
    await remove(ann, application);

    const answer = await importOf(admin, before, { preserveOwner: true });

    expect(answer).toMatchObject({
      status: 201,
      body: { name: application.name, owner: ann.username, subscriptionCount: 2, groups: ['sales'] },
    });
    expect(answer.headers['location']).toContain(`/applications/${answer.body.applicationId}`);
    const after = await exportOf(admin, application.name, { appOwner: ann.username, withKeys: true });
    expect(await contentsOf(after)).toEqual(await contentsOf(before));
    // The tokens of before died with the application; those of now open its APIs.
    await eventually(
      async () => gateway(`${apis[1]?.url}/`, { token: await given.applicationToken(keys) }),
      ({ status }) => status === 200,
    );

    const again = await importOf(admin, after, { preserveOwner: true, update: true });
    expect(again).toMatchObject({ status: 201, body: { applicationId: answer.body.applicationId } });
    const last = await exportOf(admin, application.name, { appOwner: ann.username, withKeys: true });
    expect(last.equals(after)).toBe(true);
  });
});

describe('POST /applications/import', () => {
  it('makes the caller the owner, unless somebody else is named or the archive’s owner is to be preserved', async () => {
    const { admin } = await given.organization();
    const [ann, bob] = [await given.user({ by: admin }), await given.user({ by: admin })];
    const archive = written({ name: unique('App'), owner: ann.username });

    expect((await importOf(admin, archive)).body.owner).toBe(admin.username);
    expect((await importOf(admin, archive, { preserveOwner: true })).body.owner).toBe(ann.username);
    expect((await importOf(admin, archive, { preserveOwner: true, appOwner: bob.username })).body.owner).toBe(bob.username);
  });

  it('refuses an owner of another tenant, and one that is not there', async () => {
    const { admin } = await given.organization();
    const name = unique('App');
    const mismatch = { status: 400, code: 901409, message: 'Tenant mismatch' };

    expect(await importOf(admin, written({ name, owner: 'ann@elsewhere.com' }), { preserveOwner: true })).toFailWith(mismatch);
    expect(await importOf(admin, written({ name }), { appOwner: 'ann@elsewhere.com' })).toFailWith(mismatch);
    expect(await importOf(admin, written({ name }), { appOwner: 'nobody' })).toFailWith({ status: 400, code: 400 });
  });

  it('refuses an application that exists, and changes it when told to update, leaving what the archive does not have', async () => {
    const { admin } = await given.organization();
    const [first, second, third] = [
      await given.publishedApi({ by: admin, policies: ['Gold', 'Unlimited'] }),
      await given.publishedApi({ by: admin }),
      await given.publishedApi({ by: admin }),
    ];
    const application = await given.application(admin);
    for (const api of [first, second]) await given.subscription(api, application, { by: admin });
    const keys = await given.keys(application, { by: admin });
    const { name, applicationId } = application;
    const archive = written({ name, description: 'new', throttlingPolicy: '50PerMin' }, [subscribed(first, 'Gold'), subscribed(third)]);

    expect(await importOf(admin, archive)).toFailWith({
      status: 409,
      code: 409,
      message: 'Resource Already Exists',
      description: `An application already exists with name ${name}`,
    });
    const answer = await importOf(admin, archive, { update: true });

    expect(answer).toMatchObject({ status: 201, body: { applicationId, subscriptionCount: 3 } });
    const { body } = await admin.devportal(`GET ${APPLICATION}`, { path: { applicationId } });
    expect(body).toMatchObject({ description: 'new', throttlingPolicy: '50PerMin', keys: [{ consumerKey: keys.consumerKey }] });
    const plans = (await subscriptionsOf(admin, applicationId)).map(({ apiId, throttlingPolicy }) => [apiId, throttlingPolicy]);
    expect(Object.fromEntries(plans)).toEqual({ [first.id]: 'Gold', [second.id]: 'Unlimited', [third.id]: 'Unlimited' });
  });

  it('makes exactly one of many that come at once', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin });
    const key = { keyType: 'PRODUCTION', consumerKey: unique('key'), consumerSecret: 'c2VjcmV0c2VjcmV0', supportedGrantTypes: [] };
    const archive = await zip(written({ name: unique('App'), keys: [key] }, [subscribed(api)]));

    const answers = await Promise.all(Array.from({ length: 4 }, () => importOf(admin, archive)));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const updates = await Promise.all(Array.from({ length: 4 }, () => importOf(admin, archive, { update: true })));
    expect(updates.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(updates.at(0)?.body.subscriptionCount).toBe(1);
  });

  it('makes it when told to update what is not there', async () => {
    const { admin } = await given.organization();

    expect((await importOf(admin, written({ name: unique('App') }), { update: true })).status).toBe(201);
  });

  it('tells of the APIs that could not be subscribed to, and subscribes to the others', async () => {
    const { admin } = await given.organization();
    const [open, dear, unpublished] = [
      await given.publishedApi({ by: admin }),
      await given.publishedApi({ by: admin, policies: ['Bronze'] }),
      await given.api({ by: admin }),
    ];
    const gone = { apiId: { providerName: 'admin', apiName: 'Nonesuch', version: '1.0.0' }, throttlingPolicy: 'Unlimited' };
    const archive = written({ name: unique('App') }, [gone, subscribed(open), subscribed(dear, 'Gold'), subscribed(unpublished)]);

    const answer = await importOf<Skipped>(admin, archive);

    expect(answer.status).toBe(207);
    expect(answer.body.count).toBe(3);
    expect(new Set(answer.body.list.map(({ id, name, version, provider }) => [id, name, version, provider].join()))).toEqual(
      new Set([',Nonesuch,1.0.0,admin', `${dear.id},${dear.name},1.0.0,admin`, `${unpublished.id},${unpublished.name},1.0.0,admin`]),
    );
    const applicationId = answer.headers['location']?.split('/').at(-1) ?? '';
    expect((await subscriptionsOf(admin, applicationId)).map(({ apiId }) => apiId)).toEqual([open.id]);

    const freely = await importOf<Skipped>(admin, archive, { update: true, ignoreTier: true });
    expect(freely.body.list.map(({ name }) => name).sort()).toEqual(['Nonesuch', unpublished.name].sort());
    expect(await subscriptionsOf(admin, applicationId)).toEqual(
      expect.arrayContaining([expect.objectContaining({ apiId: dear.id, throttlingPolicy: 'Bronze' })]),
    );
  });

  it('leaves out subscriptions and keys when told so', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ roles: CONSUMER, by: admin });
    const api = await given.publishedApi({ by: admin });
    const application = await given.application(admin);
    await given.subscription(api, application, { by: admin });
    await given.keys(application, { by: admin });
    const archive = await exportOf(admin, application.name, { withKeys: true });

    const query = { appOwner: ann.username, skipSubscriptions: true, skipApplicationKeys: true };
    const { status, body } = await importOf(admin, archive, query);

    expect([status, body.subscriptionCount]).toEqual([201, 0]);
    const read = await ann.devportal<{ keys: readonly Key[] }>(`GET ${APPLICATION}`, { path: { applicationId: body.applicationId } });
    expect(read.body.keys).toEqual([]);
  });

  it('stores nothing when the keys are in use by another application', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ roles: CONSUMER, by: admin });
    const { admin: stranger } = await given.organization();
    const application = await given.application(admin);
    await given.keys(application, { by: admin });
    const archive = await exportOf(admin, application.name, { withKeys: true });
    const refusal = { status: 409, code: 901408, message: 'Application already Registered' };

    expect(await importOf(admin, archive, { appOwner: ann.username })).toFailWith(refusal);
    expect(await importOf(stranger, archive)).toFailWith(refusal);

    const query = { appName: application.name, appOwner: ann.username };
    expect(await admin.devportal('GET /applications/export', { query })).toFailWith({ status: 404, code: 900307 });
  });

  it('refuses keys in place of others', async () => {
    const { admin } = await given.organization();
    const application = await given.application(admin);
    const keys = await given.keys(application, { by: admin });
    const key = { keyType: 'PRODUCTION', consumerKey: unique('other'), consumerSecret: 'c2VjcmV0c2VjcmV0', supportedGrantTypes: [] };
    const archive = written({ name: application.name, keys: [key] });

    expect(await importOf(admin, archive, { update: true })).toFailWith({ status: 409, code: 901409 });
    expect(await given.applicationToken(keys)).toMatch(/^ey/);
  });

  it.each([
    ['an unknown tier', { throttlingPolicy: 'Nonesuch' }, 900305],
    ['a name with a blank before it', { name: ' App' }, 400],
    ['no name', { name: undefined }, 400],
    ['a group that is not the owner’s', { groups: ['strangers'] }, 400],
    ['an unknown key manager', { keys: [{ keyType: 'PRODUCTION', keyManager: 'Nonesuch', consumerKey: 'abc' }] }, 901403],
    ['a consumer key that is none', { keys: [{ keyType: 'PRODUCTION', consumerKey: 'a b' }] }, 400],
    ['an unknown type of key', { keys: [{ keyType: 'STAGING', consumerKey: 'abc' }] }, 400],
    [
      'a redirecting grant without a callback',
      { keys: [{ keyType: 'PRODUCTION', consumerKey: 'abc', supportedGrantTypes: ['authorization_code'] }] },
      400,
    ],
    ['attributes that are no texts', { attributes: { team: { a: 1 } } }, 400],
  ])('refuses %s, and stores nothing', async (_, info, code) => {
    const { admin } = await given.organization();
    const name = unique('App');

    expect(await importOf(admin, written({ name, ...info }))).toFailWith({ status: 400, code });
    const query = { appName: name, appOwner: admin.username };
    expect(await admin.devportal('GET /applications/export', { query })).toFailWith({ status: 404, code: 900307 });
  });

  it.each<[string, () => Buffer | ArchiveContents | Promise<Buffer>, number]>([
    ['a file that is no archive', () => Buffer.from('hello'), 400],
    ['an archive without an application', () => ({ 'app/readme.txt': 'x' }), 900909],
    ['two applications', () => ({ 'a/application.yaml': 'data: {}', 'b/application.yaml': 'data: {}' }), 900909],
    ['an archive of an API', () => ({ 'app/application.yaml': 'type: api\ndata: {}' }), 900907],
    ['an application without data', () => ({ 'app/application.yaml': 'type: application' }), 900907],
    ['a file that is no YAML', () => ({ 'app/application.yaml': '{' }), 900907],
    ['a list', () => ({ 'app/application.json': '[]' }), 900907],
    ['YAML that grows without end', () => ({ 'app/application.yaml': bomb() }), 900907],
    ['a zip bomb', () => ({ 'app/application.yaml': 'x'.repeat(21 * 1_048_576) }), 400],
    ['many files', () => Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`app/${index}`, ''])), 400],
    ['a path that leads out', () => leadingOut(), 400],
  ])('refuses %s', async (_, archive, code) => {
    expect(await importOf(given.superAdmin, await archive())).toFailWith({ status: 400, code });
  });

  it('refuses a file that is too large, and a request without one', async () => {
    expect((await importOf(given.superAdmin, Buffer.alloc(5 * 1_048_576 + 1))).status).toBe(413);
    const answer = await given.superAdmin.devportal('POST /applications/import', { form: { other: 'x' } });
    expect(answer).toFailWith({ status: 400, code: 400 });
  });
});

describe('archives of applications', () => {
  it('are closed to whoever lacks their scope', async () => {
    const consumer = await given.user({ roles: CONSUMER });
    const query = { appName: 'App', appOwner: 'admin' };

    for (const nobody of [consumer, given.superAdmin.withScopes('apim:subscribe', 'apim:app_manage')]) {
      expect(await nobody.devportal('GET /applications/export', { query })).toFailWith({ status: 401, code: 401 });
      expect(await importOf(nobody, written({ name: 'App' }))).toFailWith({ status: 401, code: 401 });
    }
    const devops = await given.user({ roles: ['Internal/devops'] });
    expect((await importOf(devops, written({ name: unique('App') }))).status).toBe(201);
  });
});

/** A few lines that stand for billions of items. */
const bomb = (): string => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 10; level += 1) lines.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`);
  return `type: application\n${lines.join('\n')}\ndata: *a9\n`;
};

const leadingOut = async (): Promise<Buffer> => {
  const bytes = await zip({ aaaaaaaaaa: 'x' });
  return Buffer.from(bytes.toString('latin1').replaceAll('aaaaaaaaaa', '../../etc/'.slice(0, 9).concat('x')), 'latin1');
};
