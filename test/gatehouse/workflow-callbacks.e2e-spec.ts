import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { isSigned, SIGNATURE_HEADER, signatureOf } from '../../src/workflows/outside/signature.js';
import { CallbackRefused, WorkflowDecided } from '../../src/workflows/workflows.problems.js';
import { expected } from '../support/actor.js';
import { change, read } from '../support/application-approvals.js';
import { Client, NOBODY } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type GivenApplication, given } from '../support/given.js';
import { configure, decide, tenantConfig, theWaiting, waiting } from '../support/tenant-config.js';

interface Task {
  readonly referenceId: string;
  readonly status: string;
  readonly callbackUrl: string;
}

const CALLBACK = 'POST /workflows/{referenceId}/callback';
const anonymous = new Client('/api/gatehouse/v1', () => NOBODY);
const pathOf = ({ applicationId }: GivenApplication) => ({ applicationId });
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
    status: 'CREATED',
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

it.each<[string, RequestListener]>([
  ['an error', (_, response) => response.writeHead(503).end()],
  ['a redirect', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
  ['more than anybody reads', (_, response) => response.writeHead(200).end(Buffer.alloc(70_000))],
])('a system that answers %s is told again', async (_, listener) => {
  const { admin } = await given.organization();
  const backend = await given.backend(listener);
  const api = await given.publishedApi({ by: admin });
  const application = await given.application(admin);
  await configure(admin, { Workflows: { SubscriptionCreation: { executor: 'http', url: backend.url, secret: secretOf() } } });

  // This one waits for the answer.
  await given.subscription(api, application, { by: admin });

  const { rows } = await withDatabase((database) =>
    database.query('SELECT attempts, status, due_at > now() AS "isLater" FROM workflow_calls WHERE organization = $1', [
      admin.organization,
    ]),
  );
  expect(rows).toEqual([{ attempts: 1, status: 'CREATED', isLater: true }]);
  expect(backend.requests).toHaveLength(1);
});

it('what an older server has asked, which names no tenant, is told', async () => {
  const one = await outside();
  await configure(one.admin, { Workflows: { ApplicationCreation: { executor: 'approval' } } });
  await given.application(one.admin);
  const { referenceId } = await theWaiting(one.admin);
  await configure(one.admin, { Workflows: { ApplicationCreation: one.workflow } });
  await withDatabase((database) => database.query('INSERT INTO workflow_calls (workflow_id) VALUES ($1)', [referenceId]));

  // Whatever is asked next takes along what is due.
  await given.application(one.admin);

  expect((await one.told(2)).filter(({ body }) => body.includes(referenceId))).toHaveLength(1);
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

describe('an outside system that need not decide any more', () => {
  const heardOf = async ({ told }: Pick<Awaited<ReturnType<typeof asked>>, 'told'>, count: number) =>
    (await told(count)).map(({ body }) => JSON.parse(body) as Task); // the test looks at what it holds

  it('is told, under a signature, that an administrator decided', async () => {
    const one = await asked();
    const { admin, domain, secret, task } = one;

    expected(await decide(admin, task.referenceId, 'REJECTED'), 200);

    const [, end] = await heardOf(one, 2);
    const [, call] = await one.told(2);
    const about = { referenceId: task.referenceId, workflowType: 'AM_APPLICATION_CREATION', tenantDomain: domain };
    expect(end).toEqual({ ...about, status: 'REJECTED' });
    expect(isSigned(call?.signature ?? '', call?.body ?? '', secret, Date.now())).toBe(true);
  });

  it('is told that the request was taken back', async () => {
    const one = await outside();
    const { admin, workflow } = one;
    await configure(admin, { Workflows: {} });
    const application = await given.application(admin, { description: 'old' });
    await configure(admin, { Workflows: { ApplicationUpdate: workflow } });
    expected(await change(admin, application, { description: 'new' }), 200);
    const { referenceId } = await theWaiting(admin);
    await one.told();

    expected(await admin.gatehouse('DELETE /applications/{applicationId}/pending-change', { path: pathOf(application) }), 200);

    expect((await heardOf(one, 2))[1]).toMatchObject({ referenceId, workflowType: 'AM_APPLICATION_UPDATE', status: 'CANCELLED' });
  });

  it('is told that what it is about is gone', async () => {
    const one = await asked();
    const { admin, task, application } = one;

    expected(await admin.devportal('DELETE /applications/{applicationId}', { path: pathOf(application) }), 200);
    // Whatever is asked next takes along what is due.
    await given.application(admin);

    const ends = (await heardOf(one, 3)).filter(({ status }) => status !== 'CREATED');
    expect(ends).toMatchObject([{ referenceId: task.referenceId, status: 'CANCELLED' }]);
  });

  it('is not told of what it decided itself', async () => {
    const one = await asked();
    const { admin, task, secret } = one;

    expect((await callback(task.referenceId, secret)).status).toBe(200);
    expected(await admin.devportal('DELETE /applications/{applicationId}', { path: pathOf(one.application) }), 200);
    const other = await given.application(admin);

    const heard = await heardOf(one, 2);
    expect(heard.map(({ status }) => status)).toEqual(['CREATED', 'CREATED']);
    const left = await withDatabase((database) =>
      database.query('SELECT 1 FROM workflow_calls WHERE workflow_id = $1', [task.referenceId]),
    );
    expect(left.rowCount).toBe(0);
    expect((await read(admin, other)).status).toBe('CREATED');
  });
});

it('no callback is taken for a tenant that is not active', async () => {
  const { domain, secret, task } = await asked();
  const { tenants } = given.superAdmin;
  const path = { id: String(expected(await tenants('GET /tenants/domain/{domain}', { path: { domain } }), 200)['id']) };
  const put = (activated: boolean) => tenants('PUT /tenants/{id}/lifecycle-status', { path, body: { activated } });

  expected(await put(false), 200);
  expect(await callback(task.referenceId, secret)).toFailWith(CallbackRefused());
  expected(await put(true), 200);

  expect((await callback(task.referenceId, secret)).status).toBe(200);
});

describe('an outside system that sends the user elsewhere', () => {
  const CHECKOUT = { redirectUrl: 'https://pay.example/checkout', redirectConfirmationMsg: 'Pay first?' };
  const ELEMENTS = ['SubscriptionCreation', 'SubscriptionUpdate', 'SubscriptionDeletion', 'ApplicationDeletion', 'APIStateChange'];

  /** A published API, an application, and a system that is asked about the elements from then on. */
  const redirecting = async (answer: unknown, elements: readonly string[]) => {
    const { admin } = await given.organization();
    const heard: Task[] = [];
    const backend = await given.backend(async (request, response) => {
      const task = JSON.parse(await text(request)) as Task; // as the server sends it
      if (task.status === 'CREATED') heard.push(task);
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer));
    });
    const api = await given.api({ by: admin, policies: ['Gold', 'Bronze'] });
    const change = (action: string) => admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action } });
    expected(await change('Publish'), 200);
    const { applicationId } = await given.application(admin);
    const http = { executor: 'http', url: backend.url, secret: secretOf() };
    const executors = elements.map((key) => [key, key === 'APIStateChange' ? { ...http, stateList: 'Published:Block' } : http]);
    await configure(admin, { Workflows: Object.fromEntries(executors) });
    const body = { applicationId, apiId: api.id, throttlingPolicy: 'Gold' };
    return { admin, heard, change, applicationId, body };
  };

  /** What a portal is told, of the task that was heard last. */
  const wanted = (heard: readonly Task[]) => {
    const { callbackUrl: CallbackUrl, referenceId: workflowRefId } = heard.at(-1) ?? { callbackUrl: '', referenceId: '' };
    return { ...CHECKOUT, additionalParameters: { CallbackUrl, workflowRefId, plan: 'Gold' } };
  };

  it('does so in the answer of whatever was asked for', async () => {
    const { admin, heard, change, applicationId, body } = await redirecting(
      { ...CHECKOUT, additionalParameters: { plan: 'Gold' } },
      ELEMENTS,
    );
    const told = (payload: unknown) => expect(JSON.parse(String(payload))).toEqual(wanted(heard));

    const made = expected(await admin.devportal('POST /subscriptions', { body }), 201);
    told(made['redirectionParams']);
    const path = { subscriptionId: String(made['subscriptionId']) };
    expect(expected(await admin.devportal('GET /subscriptions/{subscriptionId}', { path }), 200)['redirectionParams']).toBeNull();
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    const update = { ...body, status: 'UNBLOCKED', requestedThrottlingPolicy: 'Bronze' };
    told(expected(await admin.devportal('PUT /subscriptions/{subscriptionId}', { path, body: update }), 200)['redirectionParams']);
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    told(expected(await admin.devportal('DELETE /subscriptions/{subscriptionId}', { path }), 201)['jsonPayload']);
    told(expected(await admin.devportal('DELETE /applications/{applicationId}', { path: { applicationId } }), 201)['jsonPayload']);
    told(expected(await change('Block'), 200)['jsonPayload']);
    expect(heard).toHaveLength(5);
  });

  it('does so for each of several subscriptions', async () => {
    const { admin, heard, body } = await redirecting(CHECKOUT, ['SubscriptionCreation']);
    const other = await given.api({ by: admin, policies: ['Gold'] });
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: other.id, action: 'Publish' } }), 200);

    const made = await admin.devportal<readonly { redirectionParams: string }[]>('POST /subscriptions/multiple', {
      body: [body, { ...body, apiId: other.id }],
    });

    const references = expected(made, 200).map(({ redirectionParams }) => JSON.parse(redirectionParams).additionalParameters.workflowRefId);
    expect(references.sort()).toEqual(heard.map(({ referenceId }) => referenceId).sort());
    expect(new Set(references).size).toBe(2);
  });

  it.each([
    ['to a script', { redirectUrl: 'javascript:alert(1)' }],
    ['nowhere', { accepted: true }],
  ])('%s sends nobody, and has its task all the same', async (_, answer) => {
    const { admin, heard, body } = await redirecting(answer, ['SubscriptionCreation']);

    const made = expected(await admin.devportal('POST /subscriptions', { body }), 201);

    expect(made).toMatchObject({ status: 'ON_HOLD', redirectionParams: null });
    expect(heard).toHaveLength(1);
    const left = () =>
      withDatabase(
        async (database) => (await database.query('SELECT 1 FROM workflow_calls WHERE workflow_id = $1', [heard[0]?.referenceId])).rowCount,
      );
    await eventually(left, (count) => count === 0);
  });

  it('keeps nobody waiting when it does not answer', async () => {
    const { admin } = await given.organization();
    let isOpen = false;
    const backend = await given.backend((request) => {
      isOpen = true;
      request.socket.once('close', () => {
        isOpen = false;
      });
    });
    const api = await given.api({ by: admin });
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
    const { applicationId } = await given.application(admin);
    await configure(admin, { Workflows: { SubscriptionCreation: { executor: 'http', url: backend.url, secret: secretOf() } } });

    const made = await admin.devportal('POST /subscriptions', {
      body: { applicationId, apiId: api.id, throttlingPolicy: 'Unlimited' },
    });

    expect(made).toMatchObject({ status: 201, body: { status: 'ON_HOLD', redirectionParams: null } });
    // The system has still not been given up: nobody waited for that.
    expect(isOpen).toBe(true);
  });
});

it('a system that hangs holds up no other tenant’s', async () => {
  const { admin, domain } = await given.organization();
  let calls = 0;
  const hanging = await given.backend(() => {
    calls += 1;
  });
  await configure(admin, { Workflows: { ApplicationCreation: { executor: 'http', url: hanging.url, secret: secretOf() } } });
  await given.application(admin);
  // More than are tried at once, and due for longer than anything else.
  await withDatabase(async (database) => {
    await database.query(
      `INSERT INTO workflows (id, organization, type, status, subject, application_id, properties, input, description, is_outside)
       SELECT gen_random_uuid(), organization, type, status, gen_random_uuid(), application_id, properties, input, description, true
       FROM workflows, generate_series(1, 60) WHERE organization = $1`,
      [domain],
    );
    await database.query(
      `INSERT INTO workflow_calls (workflow_id, organization, type, due_at) SELECT id, organization, type, now() - interval '1 hour'
       FROM workflows WHERE organization = $1 ON CONFLICT DO NOTHING`,
      [domain],
    );
  });
  const other = await outside();
  // What was asked first is given up before the others are tried.
  await eventually(
    async () => calls,
    (count) => count > 1,
    60_000,
  );
  const from = Date.now();

  const application = await given.application(other.admin);
  await other.told();
  expected(await decide(other.admin, (await theWaiting(other.admin)).referenceId, 'APPROVED'), 200);
  await other.told(2);

  // The time after which a call is given up is 15 seconds.
  expect(Date.now() - from).toBeLessThan(12_000);
  expect(calls).toBeLessThan(40);
  expect((await read(other.admin, application)).status).toBe('APPROVED');
});

describe('the address in the tenant configuration', () => {
  it.each([
    'http://',
    'https://user:secret@approvals.example/',
    'https://user@approvals.example/',
    'http://[',
  ])('is refused as %s', async (url) => {
    const { admin } = await given.organization();
    const body = {
      ...(await tenantConfig(admin)),
      Workflows: { ApplicationCreation: { executor: 'http', url, secret: secretOf() } },
    };

    const answer = await admin.admin('PUT /tenant-config', { body });

    expect(answer).toMatchObject({ status: 400, body: { code: 902001 } });
    expect(JSON.stringify(answer.body)).not.toContain('secret@');
  });
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
