import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { type Backend, startBackend } from '../support/backend.js';
import { eventually } from '../support/eventually.js';
import { executorOf, facesOf, type InQuestion, KINDS, type Kind } from '../support/workflow-kinds.js';
import { OAuthServer } from './oauth-server.js';

const ADMIN = '/api/am/admin/v4';
const DEVPORTAL = '/api/am/devportal/v3';
const APPLICATIONS = `${DEVPORTAL}/applications`;

interface Waiting {
  readonly list: readonly { readonly referenceId: string; readonly workflowType: string }[];
}

let server: OAuthServer;
let registrar: Backend;
const clients: string[] = [];
beforeAll(async () => {
  registrar = await startBackend(async (request, response) => {
    clients.push(await text(request));
    const client = { client_id: `client-${clients.length}`, client_secret: 'secret', grant_types: ['client_credentials'] };
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(client));
  });
  server = await OAuthServer.start({
    APIM_WORKFLOWS__APPLICATION_CREATION: 'approval',
    APIM_WORKFLOWS__APPLICATION_UPDATE: 'approval',
    APIM_WORKFLOWS__APPLICATION_DELETION: 'approval',
    APIM_WORKFLOWS__PRODUCTION_APPLICATION_REGISTRATION: 'approval',
    APIM_WORKFLOWS__SANDBOX_APPLICATION_REGISTRATION: 'approval',
  });
});
afterAll(() => Promise.all([server.stop(), registrar.close()]));

const killed = async (): Promise<void> => {
  await server.kill();
  await server.restart();
};

/** Decides the one request of the type that waits. */
const decide = async (type: string, status: 'APPROVED' | 'REJECTED'): Promise<void> => {
  const { list } = (await server.asAdmin<Waiting>(`GET ${ADMIN}/workflows?workflowType=AM_${type}`)).body;
  expect(list).toHaveLength(1);
  const answer = await server.asAdmin(`POST ${ADMIN}/workflows/update-workflow-status?workflowReferenceId=${list[0]?.referenceId}`, {
    status,
  });
  expect(answer.status).toBe(200);
};

it('what waits for an approval outlives the death of the server, at every step of an application', async () => {
  const body = { name: 'Shop', throttlingPolicy: '10PerMin' };
  const keyManager = {
    ...{ name: 'Idp', type: 'oidc', issuer: 'https://idp.example', clientRegistrationEndpoint: registrar.url },
    ...{ tokenEndpoint: `${registrar.url}/token`, enableOAuthAppCreation: true, enabled: true },
    additionalProperties: { registration_authentication: 'InitialAccessToken', initial_access_token: 'entry' },
  };
  expect((await server.asAdmin(`POST ${ADMIN}/key-managers`, keyManager)).status).toBe(201);
  const { applicationId } = (await server.asAdmin<{ applicationId: string }>(`POST ${APPLICATIONS}`, body)).body;
  const path = `${APPLICATIONS}/${applicationId}`;
  const application = async () => (await server.asAdmin(`GET ${path}`)).body;
  const keys = async () => (await server.asAdmin<{ list: readonly object[] }>(`GET ${path}/oauth-keys`)).body.list;
  const generate = (keyType: string, further = {}) =>
    server.asAdmin(`POST ${path}/generate-keys`, { keyType, grantTypesToBeSupported: ['client_credentials'], ...further });

  await killed();
  expect(await application()).toMatchObject({ status: 'CREATED' });
  await decide('APPLICATION_CREATION', 'APPROVED');
  expect(await application()).toMatchObject({ status: 'APPROVED' });

  expect(await generate('PRODUCTION', { keyManager: 'Idp' })).toMatchObject({ status: 200, body: { keyState: 'CREATED' } });
  expect(await generate('SANDBOX')).toMatchObject({ status: 200, body: { keyState: 'CREATED' } });
  await server.asAdmin(`PUT ${path}`, { ...body, throttlingPolicy: '50PerMin' });
  await killed();
  expect(clients).toEqual([]);
  expect(await application()).toMatchObject({ status: 'UPDATE_PENDING', throttlingPolicy: '10PerMin' });
  await decide('APPLICATION_REGISTRATION_PRODUCTION', 'APPROVED');
  await decide('APPLICATION_REGISTRATION_SANDBOX', 'REJECTED');
  await decide('APPLICATION_UPDATE', 'APPROVED');
  expect(await application()).toMatchObject({ status: 'APPROVED', throttlingPolicy: '50PerMin' });
  expect(await keys()).toMatchObject([
    { keyState: 'COMPLETED', keyManager: 'Idp', consumerKey: 'client-1' },
    { keyState: 'REJECTED', consumerKey: '' },
  ]);

  expect((await server.asAdmin(`DELETE ${path}`)).status).toBe(201);
  await killed();
  expect(await application()).toMatchObject({ status: 'DELETE_PENDING' });
  await decide('APPLICATION_DELETION', 'APPROVED');
  expect((await server.asAdmin(`GET ${path}`)).status).toBe(404);
});

it('whatever waits for an approval outlives the death of the server, and is then decided', async () => {
  const by = facesOf({ basic: { username: 'admin', password: 'admin' } }, server.management);
  const { body: before } = await server.asAdmin<object>(`GET ${ADMIN}/tenant-config`);
  const configure = async (Workflows: object) =>
    expect((await server.asAdmin(`PUT ${ADMIN}/tenant-config`, { ...before, Workflows })).status).toBe(200);
  // The server's own configuration asks about applications.
  await configure(Object.fromEntries(KINDS.map(({ element }) => [element, { executor: 'simple' }])));
  const all: (Kind & InQuestion)[] = [];
  for (const kind of KINDS) all.push({ ...kind, ...(await kind.prepare(by)) });
  await configure(Object.fromEntries(KINDS.map((kind) => [kind.element, executorOf(kind)])));
  for (const { ask } of all) await ask();
  const states = async () => Object.fromEntries(await Promise.all(all.map(async ({ type, state }) => [type, await state()])));

  await killed();

  expect(await states()).toEqual(Object.fromEntries(KINDS.map(({ type, waits }) => [type, waits])));
  for (const { type } of KINDS) await decide(type, 'APPROVED');
  expect(await states()).toEqual(Object.fromEntries(KINDS.map(({ type, approved }) => [type, approved])));
  await configure({});
});

it('an outside system that did not answer before the server died is told after it', async () => {
  let isAway = true;
  const heard: string[] = [];
  const outside = await startBackend(async (request, response) => {
    heard.push(await text(request));
    // No answer at all: the server that asks goes on waiting, and does not ask again before it dies.
    if (!isAway) response.writeHead(200).end();
  });
  try {
    const { body } = await server.asAdmin<object>(`GET ${ADMIN}/tenant-config`);
    const Workflows = { ApplicationCreation: { executor: 'http', url: outside.url, secret: 'correct-horse-battery' } };
    expect((await server.asAdmin(`PUT ${ADMIN}/tenant-config`, { ...body, Workflows })).status).toBe(200);
    await server.asAdmin(`POST ${APPLICATIONS}`, { name: 'Store', throttlingPolicy: 'Unlimited' });
    await eventually(
      async () => heard,
      ({ length }) => length === 1,
    );

    isAway = false;
    const database = new Client({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
    await database.connect();
    await database.query('UPDATE workflow_calls SET due_at = now()');
    await database.end();
    await killed();

    await eventually(
      async () => heard,
      ({ length }) => length === 2,
    );
    expect(heard[1]).toBe(heard[0]);
  } finally {
    await outside.close();
  }
});
