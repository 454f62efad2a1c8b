import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { SIGNATURE_HEADER, signatureOf } from '../../src/workflows/outside/signature.js';
import { type Actor, expected } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { configure, decide, waiting } from '../support/tenant-config.js';
import { executorOf, facesOf, KINDS } from '../support/workflow-kinds.js';

const anonymous = new Client('/api/gatehouse/v1', () => NOBODY);

/** Whichever came first, nothing else happened, and nobody was told of a fault. */
const succeeded = (answers: readonly { readonly status: number }[]): readonly boolean[] => {
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  return answers.map(({ status }) => status < 300);
};

describe.each(KINDS)('$type', (kind) => {
  let admin: Actor;
  beforeAll(async () => {
    ({ admin } = await given.organization());
    await configure(admin, { Workflows: { [kind.element]: executorOf(kind) } });
  });

  /** Something of the kind that waits. */
  const asked = async () => {
    const known = new Set((await waiting(admin)).map(({ referenceId }) => referenceId));
    const subject = await kind.prepare(facesOf(admin.basic));
    await subject.ask();
    const [request, ...others] = (await waiting(admin)).filter(({ referenceId }) => !known.has(referenceId));
    if (request === undefined || others.length > 0) throw new Error(`${others.length + (request ? 1 : 0)} requests were made`);
    const isWaiting = async () => (await waiting(admin)).some(({ referenceId }) => referenceId === request.referenceId);
    return { ...subject, request, reference: request.referenceId, isWaiting };
  };

  it('waits, visibly, until it is approved', async () => {
    const { reference, request, state, isWaiting } = await asked();
    expect(request).toMatchObject({ workflowType: kind.type, workflowStatus: 'CREATED' });
    expect(await state()).toBe(kind.waits);

    expected(await decide(admin, reference, 'APPROVED'), 200);

    expect(await state()).toBe(kind.approved);
    expect(await isWaiting()).toBe(false);
  });

  it('is turned down', async () => {
    const { reference, state, isWaiting } = await asked();

    expected(await decide(admin, reference, 'REJECTED'), 200);

    expect(await state()).toBe(kind.rejected);
    expect(await isWaiting()).toBe(false);
  });

  it('is taken back, and nothing is left to decide', async () => {
    const { reference, cancel, state, isWaiting } = await asked();

    expect(succeeded([await cancel()])).toEqual([true]);

    expect(await state()).toBe(kind.cancelled);
    expect(await isWaiting()).toBe(false);
    expect((await decide(admin, reference, 'APPROVED')).status).toBe(404);
    expect(await state()).toBe(kind.cancelled);
  });

  it('goes with what it is about', async () => {
    const { reference, remove, isWaiting } = await asked();

    expect(succeeded([await remove()])).toEqual([true]);

    expect(await isWaiting()).toBe(false);
    expect((await decide(admin, reference, 'APPROVED')).status).toBe(404);
  });

  it('is no affair of another tenant, nor of who may only look', async () => {
    const { reference, state } = await asked();
    const stranger = (await given.organization()).admin;

    expect(await decide(stranger, reference, 'APPROVED')).toMatchObject({ status: 401, body: undefined });
    expect((await decide(admin.withScopes('apim:api_workflow_view'), reference, 'APPROVED')).status).toBe(401);
    expect(await waiting(stranger)).toEqual([]);
    expect(await state()).toBe(kind.waits);
  });

  it('is either approved or turned down when both happen at once', async () => {
    const { reference, state } = await asked();

    const [isApproved, isRejected] = succeeded(
      await Promise.all([decide(admin, reference, 'APPROVED'), decide(admin, reference, 'REJECTED')]),
    );

    expect(isApproved).toBe(!isRejected);
    expect(await state()).toBe(isApproved ? kind.approved : kind.rejected);
  });

  it('is either approved or taken back when both happen at once', async () => {
    const { reference, cancel, state, isWaiting } = await asked();

    const [isApproved] = succeeded(await Promise.all([decide(admin, reference, 'APPROVED'), cancel()]));

    expect(await isWaiting()).toBe(false);
    // An approved creation may be undone by the same word that takes it back, a moment later.
    expect(isApproved ? [kind.approved, kind.cancelled] : [kind.cancelled]).toContain(await state());
  });

  it('is decided by an outside system', async () => {
    const secret = `secret-${randomUUID()}`;
    const heard: { readonly referenceId: string; readonly workflowType: string }[] = [];
    const backend = await given.backend(async (request, response) => {
      heard.push(JSON.parse(await text(request)));
      response.writeHead(202).end();
    });
    const { admin: by } = await given.organization();
    const subject = await kind.prepare(facesOf(by.basic));
    await configure(by, { Workflows: { [kind.element]: executorOf(kind, { executor: 'http', url: backend.url, secret }) } });
    await subject.ask();
    const [task] = await eventually(
      async () => heard,
      ({ length }) => length > 0,
    );
    expect(task?.workflowType).toBe(`AM_${kind.type}`);
    expect(await subject.state()).toBe(kind.waits);

    const referenceId = task?.referenceId ?? '';
    const answer = await anonymous.request('POST /workflows/{referenceId}/callback', {
      path: { referenceId },
      body: { status: 'APPROVED' },
      headers: { [SIGNATURE_HEADER]: signatureOf(`${referenceId}.APPROVED.`, secret, Date.now()) },
    });

    expect(answer.status).toBe(200);
    expect(await subject.state()).toBe(kind.approved);
  });
});
