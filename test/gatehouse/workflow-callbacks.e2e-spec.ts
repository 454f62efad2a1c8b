import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { isSigned, SIGNATURE_HEADER, signatureOf } from '../../src/workflows/outside/signature.js';
import { CallbackRefused, WorkflowDecided } from '../../src/workflows/workflows.problems.js';
import { expected } from '../support/actor.js';
import { read } from '../support/application-approvals.js';
import { auditOf } from '../support/audit.js';
import { Client, NOBODY } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type GivenApplication, given } from '../support/given.js';
import { configure, decide, tenantConfig, theWaiting, waiting } from '../support/tenant-config.js';

interface Task {
  readonly referenceId: string;
  readonly callbackUrl: string;
}

const CALLBACK = 'POST /workflows/{referenceId}/callback';
const anonymous = new Client('/api/gatehouse/v1', () => NOBODY);
const secretOf = () => `secret-${randomUUID()}`;

/** A system outside that is told of new applications, and notes what it hears. */
const outside = async () => {
  const heard: { readonly signature: string; readonly body: string }[] = [];
  const state = { status: 200 };
  const backend = await given.backend(async (request, response) => {
    heard.push({ signature: String(request.headers[SIGNATURE_HEADER.toLowerCase()]), body: await text(request) });
    response.writeHead(state.status).end();
  });
  const { admin, domain } = await given.organization();
  const secret = secretOf();
  const workflow = { executor: 'http', url: `${backend.url}/approvals`, secret };
  await configure(admin, { Workflows: { ApplicationCreation: workflow } });
  const told = (count = 1) =>
    eventually(
      async () => heard,
      ({ length }) => length >= count,
    );
  return { admin, domain, secret, workflow, state, told };
};

/** An application that the outside system was told of. */
const asked = async () => {
  const one = await outside();
  const application = await given.application(one.admin);
  const [call] = await one.told();
  const task = JSON.parse(call?.body ?? '') as Task; // the test looks at what it holds
  return { ...one, application, call, task, status: async (of: GivenApplication = application) => (await read(one.admin, of)).status };
};

const callback = (
  referenceId: string,
  secret: string,
  { status = 'APPROVED', description, signed = `${referenceId}.${status}.${description ?? ''}`, atMs = Date.now() } = {} as {
    readonly status?: string;
    readonly description?: string;
    readonly signed?: string;
    readonly atMs?: number;
  },
) =>
  anonymous.request(CALLBACK, {
    path: { referenceId },
    body: { status, ...(description !== undefined && { description }) },
    headers: { [SIGNATURE_HEADER]: signatureOf(signed, secret, atMs) },
  });

it('an outside system is told what it is to decide, under a signature', async () => {
  const { admin, domain, secret, application, call, task } = await asked();

  expect(isSigned(call?.signature ?? '', call?.body ?? '', secret, Date.now())).toBe(true);
  expect(task).toMatchObject({
    workflowType: 'AM_APPLICATION_CREATION',
    tenantDomain: domain,
    description: expect.stringContaining(application.name),
    properties: { applicationName: application.name },
    callbackUrl: expect.stringMatching(new RegExp(`/api/gatehouse/v1/workflows/${task.referenceId}/callback$`)),
  });
  expect((await theWaiting(admin)).referenceId).toBe(task.referenceId);
});

it.each(['APPROVED', 'REJECTED'])('a signed callback decides: %s, and once', async (decision) => {
  const { admin, secret, task, status } = await asked();

  const answer = await callback(task.referenceId, secret, { status: decision, description: 'as we see it' });

  expect(answer).toMatchObject({ status: 200, body: { status: decision, description: 'as we see it' } });
  expect(await status()).toBe(decision);
  expect(await waiting(admin)).toEqual([]);
  expect(await callback(task.referenceId, secret, { status: decision, description: 'as we see it' })).toFailWith(WorkflowDecided());
});

it('is told as the outside system’s in the audit', async () => {
  const { admin, secret, workflow, application, task } = await asked();

  expected(await callback(task.referenceId, secret), 200);

  const [change] = await auditOf(admin, { entityId: application.applicationId, kind: 'Application', action: 'updated' });
  expect(change).toMatchObject({ user: `outside:${new URL(workflow.url).host}`, address: '127.0.0.1', after: { status: 'APPROVED' } });
});

it('a callback that is forged or old decides nothing', async () => {
  const { admin, secret, task, status } = await asked();
  const { referenceId } = task;
  const other = await asked();

  const refused = [
    await callback(referenceId, secretOf()),
    await callback(referenceId, other.secret),
    await callback(referenceId, secret, { signed: `${referenceId}.REJECTED.` }),
    await callback(referenceId, secret, { signed: `${other.task.referenceId}.APPROVED.` }),
    await callback(referenceId, secret, { description: 'more', signed: `${referenceId}.APPROVED.` }),
    await callback(referenceId, secret, { atMs: Date.now() - 400_000 }),
    await callback(referenceId, secret, { atMs: Date.now() + 400_000 }),
    await callback(randomUUID(), secret),
    await callback('no-uuid', secret),
    await anonymous.request(CALLBACK, { path: { referenceId }, body: { status: 'APPROVED' } }),
  ];

  for (const answer of refused) expect(answer).toFailWith(CallbackRefused());
  expect((await callback(referenceId, secret, { status: 'CREATED' })).status).toBe(400);
  expect(await status()).toBe('CREATED');
  expect(await waiting(admin)).toHaveLength(1);
});

it('an outside system that is away is told once it is back', async () => {
  const { admin, state, told } = await outside();
  state.status = 503;
  await given.application(admin);
  await told();
  const { referenceId } = await theWaiting(admin);
  const queued = () =>
    withDatabase(async (database) => (await database.query('SELECT 1 FROM workflow_calls WHERE workflow_id = $1', [referenceId])).rowCount);
  expect(await queued()).toBe(1);

  state.status = 200;
  await withDatabase((database) => database.query('UPDATE workflow_calls SET due_at = now() WHERE workflow_id = $1', [referenceId]));
  // Whatever is asked next takes along what is due.
  await given.application(admin);

  const calls = await told(3);
  expect(calls.filter(({ body }) => body.includes(referenceId))).toHaveLength(2);
  await eventually(queued, (count) => count === 0);
});

it('an administrator may decide too, and a callback comes too late then', async () => {
  const { admin, secret, task, status } = await asked();

  expected(await decide(admin, task.referenceId, 'REJECTED'), 200);

  expect(await callback(task.referenceId, secret)).toFailWith(WorkflowDecided());
  expect(await status()).toBe('REJECTED');
});

it('no callback is taken once nobody outside is asked any more', async () => {
  const { admin, secret, task, status } = await asked();
  await configure(admin, { Workflows: {} });

  expect(await callback(task.referenceId, secret)).toFailWith(CallbackRefused());
  expect(await status()).toBe('CREATED');
});

it('a network that nobody is called on is not called: the request waits for an administrator', async () => {
  const { admin } = await given.organization();
  const workflow = { executor: 'http', url: 'http://169.254.169.254/latest', secret: secretOf() };
  await configure(admin, { Workflows: { ApplicationCreation: workflow } });
  const application = await given.application(admin);

  expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

  expect((await read(admin, application)).status).toBe('APPROVED');
});

describe('the secret in the tenant configuration', () => {
  it('is shown to nobody, and kept where it is sent back empty', async () => {
    const { admin, workflow, secret } = await outside();
    const shown = await tenantConfig(admin);

    expect(shown['Workflows']).toEqual({ ApplicationCreation: { ...workflow, secret: '' } });
    const { rows } = await withDatabase((database) =>
      database.query('SELECT document FROM tenant_configs WHERE organization = $1', [admin.organization]),
    );
    expect(JSON.stringify(rows)).not.toContain(secret);
    await configure(admin, {});
    await given.application(admin);
    const { referenceId } = await theWaiting(admin);
    expect((await callback(referenceId, secret)).status).toBe(200);
  });

  it.each([
    ['for another address', { executor: 'http', url: 'https://other.example', secret: '' }],
    ['that is short', { executor: 'http', url: 'https://other.example', secret: 'short' }],
    ['without an address', { executor: 'http', secret: 'long-enough-to-be-one' }],
    ['of an executor that has none', { executor: 'approval', url: 'https://other.example', secret: 'long-enough-to-be-one' }],
  ])('is refused %s', async (_, workflow) => {
    const { admin } = await outside();
    const body = { ...(await tenantConfig(admin)), Workflows: { ApplicationCreation: workflow } };

    expect(await admin.admin('PUT /tenant-config', { body })).toMatchObject({ status: 400, body: { code: 902001 } });
  });
});
