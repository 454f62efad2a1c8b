import { text } from 'node:stream/consumers';
import { KeyManagerDisabled, KeyMappingExists, KeyNotReady } from '../../src/applications/keys/application-keys.problems.js';
import { UndecidableWorkflow } from '../../src/workflows/workflows.problems.js';
import { type Actor, expected, requestToken } from '../support/actor.js';
import { APPLICATION, withApplication } from '../support/application-approvals.js';
import { type Backend, startBackend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { decide, requireApproval, theWaiting, waiting } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

interface Key {
  readonly keyMappingId: string;
  readonly keyState: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token: object | null;
}

interface KeyManager extends Body {
  readonly id: string;
  readonly name: string;
}

const ELEMENTS = { PRODUCTION: 'ProductionApplicationRegistration', SANDBOX: 'SandboxApplicationRegistration' } as const;
const KEY = `${APPLICATION}/oauth-keys/{keyMappingId}`;
const SECRET = 'entry-secret-of-the-developer';

const generate = (by: Actor, applicationId: string, change: Body = {}) =>
  by.devportal<Key>(`POST ${APPLICATION}/generate-keys`, {
    path: { applicationId },
    body: { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'], ...change },
  });

/** Keys of the type that wait for their approval. */
const asked = async (keyType: keyof typeof ELEMENTS = 'PRODUCTION', change: Body = {}) => {
  const one = await withApplication(ELEMENTS[keyType]);
  const key = expected(await generate(one.ann, one.application.applicationId, { keyType, ...change }), 200);
  const path = { ...one.path, keyMappingId: key.keyMappingId };
  const current = async () => (await one.ann.devportal<Key>(`GET ${KEY}`, { path })).body;
  return { ...one, key, path, current };
};

describe.each(['PRODUCTION', 'SANDBOX'] as const)('%s keys that need an approval', (keyType) => {
  it('are CREATED and have no client yet', async () => {
    const { admin, domain, ann, application, key, path, current } = await asked(keyType);

    expect(key).toMatchObject({ keyState: 'CREATED', consumerKey: '', consumerSecret: '', keyType, mode: 'CREATED', token: null });
    expect(await current()).toEqual(key);
    expect(await theWaiting(admin)).toMatchObject({
      workflowType: `APPLICATION_REGISTRATION_${keyType}`,
      properties: {
        applicationName: application.name,
        applicationTier: 'Unlimited',
        applicationOwner: ann.username,
        tenantDomain: domain,
        keyType,
      },
      description: expect.stringContaining(keyType),
    });
    expect(await ann.devportal(`POST ${KEY}/generate-token`, { path, body: {} })).toFailWith(KeyNotReady());
    expect(await ann.devportal(`PUT ${KEY}`, { path, body: { supportedGrantTypes: ['password'] } })).toFailWith(KeyNotReady());
    expect(await generate(ann, application.applicationId, { keyType })).toFailWith(KeyMappingExists());
  });

  it('have their client once they are approved', async () => {
    const { admin, ann, path, current, key } = await asked(keyType);

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    const completed = await current();
    expect(completed).toMatchObject({ keyMappingId: key.keyMappingId, keyState: 'COMPLETED', keyType });
    expect(completed.consumerKey).not.toBe('');
    const secret = await ann.devportal<{ secretValue: string }>(`POST ${KEY}/generate-secret`, { path, body: {} });
    const client = { clientId: completed.consumerKey, clientSecret: expected(secret, 201).secretValue };
    expect((await requestToken(client, { grant_type: 'client_credentials' })).status).toBe(200);
  });

  it('stay REJECTED until they are cleaned up, and may then be asked for again', async () => {
    const { admin, ann, application, path, current } = await asked(keyType);

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);

    expect(await current()).toMatchObject({ keyState: 'REJECTED', consumerKey: '' });
    expect(await generate(ann, application.applicationId, { keyType })).toFailWith(KeyMappingExists());
    expect((await ann.devportal(`POST ${KEY}/clean-up`, { path })).status).toBe(200);
    expect((await generate(ann, application.applicationId, { keyType })).body.keyState).toBe('CREATED');
  });

  it('are taken back by a clean-up, which takes the request along', async () => {
    const { admin, ann, application, path } = await asked(keyType);
    const { referenceId } = await theWaiting(admin);

    expect((await ann.devportal(`POST ${APPLICATION}/keys/{keyType}/clean-up`, { path: { ...path, keyType } })).status).toBe(200);

    expect(await waiting(admin)).toEqual([]);
    expect(await decide(admin, referenceId, 'APPROVED')).toFailWith(UndecidableWorkflow(referenceId));
    await requireApproval(admin);
    expect((await generate(ann, application.applicationId, { keyType })).body.keyState).toBe('COMPLETED');
  });
});

it('keys of the other type, and clients that exist already, wait for nobody', async () => {
  const { admin, ann, application } = await asked('SANDBOX');
  const other = await given.application(ann);
  const manager = { name: unique('Own'), type: 'CustomKeyManager', enableMapOAuthConsumerApps: true, enabled: true };
  expected(await admin.admin('POST /key-managers', { body: manager }), 201);
  const consumerKey = unique('client');

  const production = await generate(ann, application.applicationId);
  const mapped = await ann.devportal<Key>(`POST ${APPLICATION}/map-keys`, {
    path: { applicationId: other.applicationId },
    body: { consumerKey, keyType: 'SANDBOX', keyManager: manager.name },
  });

  expect(production).toMatchObject({ status: 200, body: { keyState: 'COMPLETED' } });
  expect(mapped).toMatchObject({ status: 200, body: { keyState: 'COMPLETED', consumerKey } });
  expect(await waiting(admin)).toHaveLength(1);
});

it('keys that wait go with their application', async () => {
  const { admin, ann, path } = await asked();

  expect((await ann.devportal(`DELETE ${APPLICATION}`, { path })).status).toBe(200);

  expect(await waiting(admin)).toEqual([]);
});

it('keys are decided about in their own tenant alone', async () => {
  const { admin, current } = await asked();
  const stranger = (await given.organization()).admin;
  const { referenceId } = await theWaiting(admin);

  expect((await decide(stranger, referenceId, 'APPROVED')).status).toBe(401);
  expect((await decide(admin.withScopes('apim:api_workflow_view'), referenceId, 'APPROVED')).status).toBe(401);
  expect((await current()).keyState).toBe('CREATED');
});

it('one client is made when two approve at the same time', async () => {
  const { admin, current, application } = await asked();
  const { referenceId } = await theWaiting(admin);

  const answers = await Promise.all([1, 2, 3].map(() => decide(admin, referenceId, 'APPROVED')));

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await current()).keyState).toBe('COMPLETED');
  const { rows } = await withDatabase((database) =>
    database.query('SELECT 1 FROM oauth_clients WHERE name LIKE $1', [`%${application.applicationId}%`]),
  );
  expect(rows).toHaveLength(1);
});

describe('keys at an outside key manager that need an approval', () => {
  let registrar: Backend & { readonly asked: string[]; away: boolean };
  beforeEach(async () => {
    const seen: string[] = [];
    const started = await startBackend(async (request, response) => {
      const body = await text(request);
      seen.push(`${request.method} ${request.url} ${body}`);
      if (registrar.away) {
        response.writeHead(503).end();
        return;
      }
      const id = `client-${seen.filter((line) => line.startsWith('POST')).length}`;
      const registration = { registration_client_uri: `http://${request.headers.host}/${id}`, registration_access_token: 'token' };
      const client = { client_id: id, client_secret: `secret-of-${id}`, grant_types: ['client_credentials'], ...registration };
      const isGone = request.method === 'DELETE';
      response.writeHead(isGone ? 204 : 201, { 'content-type': 'application/json' }).end(isGone ? '' : JSON.stringify(client));
    });
    registrar = Object.assign(started, { asked: seen, away: false });
  });
  afterEach(() => registrar.close());

  const outside = async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const body = {
      ...{ name: unique('Idp'), type: 'oidc', issuer: 'https://idp.example', clientRegistrationEndpoint: registrar.url },
      ...{ tokenEndpoint: `${registrar.url}/token`, enableOAuthAppCreation: true, enableTokenGeneration: true, enabled: true },
      additionalProperties: { registration_authentication: 'InitialAccessToken', initial_access_token: 'entry' },
    };
    const manager = expected(await admin.admin<KeyManager>('POST /key-managers', { body }), 201);
    await requireApproval(admin, 'ProductionApplicationRegistration');
    const { applicationId } = await given.application(ann);
    const request = { keyManager: manager.name, additionalProperties: { software_secret: SECRET, client_uri: 'https://shop.example' } };
    const key = expected(await generate(ann, applicationId, request), 200);
    const path = { applicationId, keyMappingId: key.keyMappingId };
    const current = async () => (await ann.devportal<Key>(`GET ${KEY}`, { path })).body;
    return { admin, ann, manager, key, path, current, referenceId: (await theWaiting(admin)).referenceId };
  };

  it('ask it for nothing before, and then for all that was wanted', async () => {
    const { admin, key, current, referenceId } = await outside();
    expect(key).toMatchObject({ keyState: 'CREATED', consumerKey: '' });
    expect(registrar.asked).toEqual([]);

    expected(await decide(admin, referenceId, 'APPROVED'), 200);

    expect(await current()).toMatchObject({ keyState: 'COMPLETED', consumerKey: 'client-1' });
    expect(registrar.asked).toHaveLength(1);
    expect(registrar.asked[0]).toContain('https://shop.example');
  });

  it('keep the secrets of the request to themselves', async () => {
    const { admin, ann, path } = await outside();

    const { rows } = await withDatabase((database) =>
      database.query<{ input: unknown }>('SELECT input FROM workflows WHERE key_mapping_id = $1', [path.keyMappingId]),
    );

    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(SECRET);
    expect(JSON.stringify(await theWaiting(admin))).not.toContain(SECRET);
    expect(JSON.stringify((await ann.devportal(`GET ${KEY}`, { path })).body)).not.toContain(SECRET);
  });

  it('go on waiting while it cannot be reached, or is switched off', async () => {
    const { admin, manager, current, referenceId } = await outside();
    registrar.away = true;

    expect((await decide(admin, referenceId, 'APPROVED')).status).toBeLessThan(500);
    expect((await current()).keyState).toBe('CREATED');
    expect((await theWaiting(admin)).referenceId).toBe(referenceId);

    registrar.away = false;
    const put = (enabled: boolean) =>
      admin.admin('PUT /key-managers/{keyManagerId}', { path: { keyManagerId: manager.id }, body: { ...manager, enabled } });
    expected(await put(false), 200);
    expect(await decide(admin, referenceId, 'APPROVED')).toFailWith(KeyManagerDisabled());
    expected(await put(true), 200);
    expect((await decide(admin, referenceId, 'APPROVED')).status).toBe(200);
    expect((await current()).keyState).toBe('COMPLETED');
  });

  it('are never asked for when they are turned down', async () => {
    const { admin, current, referenceId } = await outside();

    expected(await decide(admin, referenceId, 'REJECTED'), 200);

    expect((await current()).keyState).toBe('REJECTED');
    expect(registrar.asked).toEqual([]);
  });

  it('leave one client there when several approve at the same time', async () => {
    const { admin, current, referenceId } = await outside();

    const answers = await Promise.all([1, 2, 3].map(() => decide(admin, referenceId, 'APPROVED')));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { consumerKey } = await current();
    const made = () => registrar.asked.filter((line) => line.startsWith('POST')).length;
    const removed = await eventually(
      async () => registrar.asked.filter((line) => line.startsWith('DELETE')).map((line) => line.split(' ')[1]),
      (gone) => gone.length === made() - 1,
    );
    expect(removed).not.toContain(`/${consumerKey}`);
  });
});
