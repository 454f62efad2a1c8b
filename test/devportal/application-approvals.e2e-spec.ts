import {
  ApplicationExists,
  ApplicationNotActive,
  ApplicationUpdatePending,
  DeletionPending,
  KeysBeforeApproval,
  NothingPending,
  NotYourApplication,
} from '../../src/applications/applications.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { ApplicationNotApproved } from '../../src/subscriptions/subscriptions.problems.js';
import { UndecidableWorkflow, WorkflowNotFound } from '../../src/workflows/workflows.problems.js';
import { expected } from '../support/actor.js';
import {
  APPLICATION,
  type ApplicationBody,
  approving,
  change,
  knownToGateways,
  read,
  withApplication,
} from '../support/application-approvals.js';
import { importOf, subscribed, written } from '../support/application-archives.js';
import { joinGroups } from '../support/consumer-organizations.js';
import { given } from '../support/given.js';
import { configure, decide, requireApproval, theWaiting, waiting } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

const PENDING = '/applications/{applicationId}/pending-change';

describe('a new application that needs an approval', () => {
  const created = async () => {
    const { admin, domain, ann } = await approving('ApplicationCreation');
    const body = { name: unique('App'), throttlingPolicy: '10PerMin', description: 'Weather' };
    const application = expected(await ann.devportal<ApplicationBody>('POST /applications', { body }), 201);
    return { admin, domain, ann, application, path: { applicationId: application.applicationId } };
  };

  it('is CREATED, shown to its owner and to the approvers, and unknown to the gateways', async () => {
    const { admin, domain, ann, application, path } = await created();

    expect(application.status).toBe('CREATED');
    expect((await read(ann, application)).status).toBe('CREATED');
    expect(await knownToGateways(application)).toBeUndefined();
    expect(await theWaiting(admin)).toMatchObject({
      workflowType: 'APPLICATION_CREATION',
      properties: {
        applicationName: application.name,
        applicationTier: '10PerMin',
        applicationDescription: 'Weather',
        applicationOwner: ann.username,
        tenantDomain: domain,
        groupId: '',
        sharedOrganization: '',
      },
      description: expect.stringContaining(application.name),
    });
    expect(await waiting(admin, 'AM_APPLICATION_CREATION')).toHaveLength(1);
    expect((await ann.gatehouse(`GET ${PENDING}`, { path })).body).toMatchObject({ type: 'APPLICATION_CREATION', updates: [] });
  });

  it('has no keys and no subscriptions, and is not changed, before it is approved', async () => {
    const { admin, ann, application, path } = await created();
    const api = await given.publishedApi({ by: admin });

    const keys = await ann.devportal(`POST ${APPLICATION}/generate-keys`, {
      path,
      body: { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'] },
    });
    const apiKey = await ann.devportal(`POST ${APPLICATION}/api-keys/{keyType}/generate`, {
      path: { ...path, keyType: 'PRODUCTION' },
      body: { keyName: 'one', validityPeriod: -1 },
    });
    const subscription = await ann.devportal('POST /subscriptions', {
      body: { apiId: api.id, applicationId: application.applicationId, throttlingPolicy: 'Unlimited' },
    });
    const reset = await ann.devportal(`POST ${APPLICATION}/reset-throttle-policy`, { path, body: { userName: ann.username } });

    expect([keys.status, apiKey.status, reset.status]).toEqual([400, 400, 200]);
    expect(subscription).toFailWith(ApplicationNotApproved());
    expect(await change(ann, application, { description: 'Rain' })).toFailWith(ApplicationNotActive());
    expect(await knownToGateways(application)).toBeUndefined();
  });

  it('is in use once it is approved', async () => {
    const { admin, ann, application } = await created();

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    expect((await read(ann, application)).status).toBe('APPROVED');
    expect(await knownToGateways(application)).toMatchObject({ name: application.name, policy: '10PerMin' });
    expect((await given.keys(application, { by: ann })).consumerKey).not.toBe('');
  });

  it('stays REJECTED, and can be deleted, once it is turned down', async () => {
    const { admin, ann, application, path } = await created();
    await requireApproval(admin, 'ApplicationCreation', 'ApplicationDeletion');

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);

    expect((await read(ann, application)).status).toBe('REJECTED');
    expect(await knownToGateways(application)).toBeUndefined();
    expect((await ann.devportal(`DELETE ${APPLICATION}`, { path })).status).toBe(200);
    expect(await waiting(admin)).toEqual([]);
  });

  it('is taken back by deleting it, which takes the request along and asks nobody', async () => {
    const { admin, ann, path } = await created();
    await requireApproval(admin, 'ApplicationCreation', 'ApplicationDeletion');
    const { referenceId } = await theWaiting(admin);

    expect(await ann.gatehouse(`DELETE ${PENDING}`, { path })).toFailWith(NothingPending());
    expect((await ann.devportal(`DELETE ${APPLICATION}`, { path })).status).toBe(200);

    expect(await waiting(admin)).toEqual([]);
    expect(await decide(admin, referenceId, 'APPROVED')).toFailWith(UndecidableWorkflow(referenceId));
    expect(await admin.admin('GET /workflows/{externalWorkflowRef}', { path: { externalWorkflowRef: referenceId } })).toFailWith(
      WorkflowNotFound(),
    );
  });

  it('stays unknown to the gateways when it gets another owner, whom the approvers see', async () => {
    const { admin, ann, application, path } = await created();
    const bob = await given.user({ roles: ['Internal/subscriber'], by: admin });

    const query = { owner: bob.username };
    expected(await admin.admin('POST /applications/{applicationId}/change-owner', { path, query }), 200);

    expect(await knownToGateways(application)).toBeUndefined();
    const { referenceId, properties } = await theWaiting(admin);
    expect(properties['applicationOwner']).toBe(bob.username);
    expect((await ann.devportal(`GET ${APPLICATION}`, { path })).status).toBe(403);
    expected(await decide(admin, referenceId, 'APPROVED'), 200);
    expect(await read(bob, application)).toMatchObject({ status: 'APPROVED', owner: bob.username });
    expect(await knownToGateways(application)).toMatchObject({ name: application.name });
  });

  it('waits for nobody where it is the default one', async () => {
    const { ann, admin } = await approving('ApplicationCreation');

    const { list } = expected(await ann.devportal<{ list: readonly ApplicationBody[] }>('GET /applications'), 200);

    expect(list).toMatchObject([{ name: 'DefaultApplication', status: 'APPROVED' }]);
    expect(await waiting(admin)).toEqual([]);
  });

  it('is the affair of its own tenant', async () => {
    const { admin, ann, application, path } = await created();
    const { referenceId } = await theWaiting(admin);
    const stranger = (await given.organization()).admin;

    expect((await decide(stranger, referenceId, 'APPROVED')).status).toBe(401);
    expect((await stranger.gatehouse(`GET ${PENDING}`, { path })).status).toBe(404);
    expect((await read(ann, application)).status).toBe('CREATED');
  });
});

describe('a change of an application that needs an approval', () => {
  const DESIRED = { name: '', throttlingPolicy: '50PerMin', description: 'Rain' };
  const asked = async () => {
    const one = await withApplication('ApplicationUpdate', { throttlingPolicy: '10PerMin', description: 'Weather' });
    const wanted = { ...DESIRED, name: unique('Renamed') };
    return { ...one, wanted, answer: expected(await change(one.ann, one.application, wanted), 200) };
  };

  it('leaves the old values until then, and takes no second one', async () => {
    const { admin, domain, ann, application, wanted, answer, path } = await asked();

    const old = { name: application.name, throttlingPolicy: '10PerMin', description: 'Weather', status: 'UPDATE_PENDING' };
    const updates = [
      { attributeName: 'Application Name', current: application.name, expected: wanted.name },
      { attributeName: 'Tier', current: '10PerMin', expected: '50PerMin' },
      { attributeName: 'Description', current: 'Weather', expected: 'Rain' },
    ];
    expect(answer).toMatchObject(old);
    expect(await read(ann, application)).toEqual(answer);
    expect(await knownToGateways(application)).toMatchObject({ name: application.name, policy: '10PerMin' });
    expect(await theWaiting(admin)).toMatchObject({
      workflowType: 'APPLICATION_UPDATE',
      properties: { applicationName: application.name, applicationTier: '10PerMin', tenantDomain: domain, updates },
    });
    expect((await ann.gatehouse(`GET ${PENDING}`, { path })).body).toMatchObject({ type: 'APPLICATION_UPDATE', updates });
    expect(await change(ann, application, { description: 'Snow' })).toFailWith(ApplicationUpdatePending(application.name));
  });

  it('is made once it is approved', async () => {
    const { admin, ann, application, wanted } = await asked();

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    expect(await read(ann, application)).toMatchObject({ ...wanted, status: 'APPROVED' });
    expect(await knownToGateways(application)).toMatchObject({ name: wanted.name, policy: '50PerMin' });
  });

  it('is not made once it is turned down, and may be asked for again or given up', async () => {
    const { admin, ann, application, wanted } = await asked();

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);

    expect(await read(ann, application)).toMatchObject({ name: application.name, throttlingPolicy: '10PerMin', status: 'UPDATE_REJECTED' });
    expect(await knownToGateways(application)).toMatchObject({ name: application.name, policy: '10PerMin' });
    expect((await change(ann, application, wanted)).body.status).toBe('UPDATE_PENDING');
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);
    expect((await change(ann, application, {})).body.status).toBe('APPROVED');
    expect(await waiting(admin)).toEqual([]);
  });

  it('can be taken back by its owner, and by nobody else', async () => {
    const { admin, ann, application, path } = await asked();
    const eve = await given.user({ roles: ['Internal/subscriber'], by: admin });

    expect(await eve.gatehouse(`DELETE ${PENDING}`, { path })).toFailWith(NotYourApplication(application.applicationId));
    expect(await eve.gatehouse(`GET ${PENDING}`, { path })).toFailWith(NotYourApplication(application.applicationId));
    expect((await ann.gatehouse(`DELETE ${PENDING}`, { path })).status).toBe(200);

    expect(await read(ann, application)).toMatchObject({ name: application.name, status: 'APPROVED' });
    expect(await waiting(admin)).toEqual([]);
    expect(await ann.gatehouse(`GET ${PENDING}`, { path })).toFailWith(NothingPending());
    expect(await ann.gatehouse(`DELETE ${PENDING}`, { path })).toFailWith(NothingPending());
  });

  it('returns to UPDATE_REJECTED when it is taken back from there', async () => {
    const { admin, ann, application, path, wanted } = await asked();
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);
    expected(await change(ann, application, wanted), 200);

    expect((await ann.gatehouse(`DELETE ${PENDING}`, { path })).status).toBe(200);

    expect((await read(ann, application)).status).toBe('UPDATE_REJECTED');
  });

  it('is refused at once for a name that is taken, and by the approval when it is taken meanwhile', async () => {
    const { admin, ann, application, wanted } = await asked();
    const other = await given.application(ann, { name: wanted.name });
    const { referenceId } = await theWaiting(admin);

    expect(await decide(admin, referenceId, 'APPROVED')).toFailWith(ApplicationExists(wanted.name));
    expect((await theWaiting(admin)).referenceId).toBe(referenceId);
    expect(await change(ann, other, { name: application.name })).toFailWith(ApplicationExists(application.name));
    expect((await read(ann, application)).status).toBe('UPDATE_PENDING');
  });

  it('shares with nobody before it is approved', async () => {
    const { admin, ann, application, path } = await withApplication('ApplicationUpdate');
    const bob = await given.user({ roles: ['Internal/subscriber'], by: admin });
    for (const member of [ann, bob]) await joinGroups(admin, member, 'sales');
    expected(await change(ann, application, { groups: ['sales'] }), 200);

    expect((await bob.devportal(`GET ${APPLICATION}`, { path })).status).toBe(403);
    const request = await theWaiting(admin);
    expect(request.properties['updates']).toEqual([{ attributeName: 'Groups', current: '', expected: 'sales' }]);
    expected(await decide(admin, request.referenceId, 'APPROVED'), 200);
    expect((await bob.devportal(`GET ${APPLICATION}`, { path })).status).toBe(200);
  });

  it('names the attributes of the installation, and keeps them', async () => {
    const { admin } = await given.organization();
    await configure(admin, { ApplicationConfigs: { Attributes: [{ Attribute: 'Team' }] } });
    const application = await given.application(admin, { attributes: { Team: 'blue' } });
    await requireApproval(admin, 'ApplicationUpdate');

    expected(await change(admin, application, { attributes: { Team: 'red' } }), 200);
    const { properties, referenceId } = await theWaiting(admin);
    expected(await decide(admin, referenceId, 'APPROVED'), 200);

    expect(properties['updates']).toEqual([{ attributeName: 'Team', current: 'blue', expected: 'red' }]);
    expect((await read(admin, application))['attributes']).toEqual({ Team: 'red' });
  });
});

describe('the attributes of an application', () => {
  const asking = async (executor: object) => {
    const { admin } = await given.organization();
    await configure(admin, { ApplicationConfigs: { Attributes: [{ Attribute: 'Team' }, { Attribute: 'applicationName' }] } });
    const attributes = { Team: 'blue', applicationName: 'Impostor' };
    const Workflows = Object.fromEntries(
      ['ApplicationUpdate', 'ApplicationDeletion', 'ProductionApplicationRegistration', 'ApplicationCreation'].map((key) => [
        key,
        executor,
      ]),
    );
    const application = await given.application(admin, { attributes });
    await configure(admin, { Workflows });
    const path = { applicationId: application.applicationId };
    const keys = { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'] };
    expected(await admin.devportal(`POST ${APPLICATION}/generate-keys`, { path, body: keys }), 200);
    expected(await change(admin, application, { attributes: { ...attributes, Team: 'red' } }), 200);
    const other = await given.application(admin, { attributes });
    const asked = await waiting(admin);
    expected(await admin.devportal(`DELETE ${APPLICATION}`, { path }), 201);
    const deletions = await waiting(admin, 'AM_APPLICATION_DELETION');
    return { application, other, asked: [...asked, ...deletions] };
  };

  it('are shown to approvers who are to see them, and hide nothing else', async () => {
    const { application, other, asked } = await asking({ executor: 'approval', applicationAttributesVisibility: true });

    expect(asked.map(({ workflowType, properties }) => [workflowType, properties['Team'], properties['applicationName']]).sort()).toEqual([
      ['APPLICATION_CREATION', 'blue', other.name],
      ['APPLICATION_DELETION', 'blue', application.name],
      ['APPLICATION_REGISTRATION_PRODUCTION', 'blue', application.name],
      ['APPLICATION_UPDATE', 'blue', application.name],
    ]);
  });

  it('are shown to nobody else', async () => {
    const { asked } = await asking({ executor: 'approval' });

    expect(asked).toHaveLength(4);
    expect(asked.filter(({ properties }) => 'Team' in properties)).toEqual([]);
  });
});

describe('the deletion of an application that needs an approval', () => {
  const asked = async () => {
    const one = await withApplication('ApplicationDeletion');
    return { ...one, answer: await one.ann.devportal(`DELETE ${APPLICATION}`, { path: one.path }) };
  };

  it('answers 201, leaves the application in use and is not asked for twice', async () => {
    const { admin, ann, application, answer, path } = await asked();

    expect(answer).toMatchObject({ status: 201, body: { workflowStatus: 'CREATED' } });
    expect(answer.headers['location']).toContain(`/applications/${application.applicationId}`);
    expect((await read(ann, application)).status).toBe('DELETE_PENDING');
    expect(await knownToGateways(application)).toMatchObject({ name: application.name });
    expect(await theWaiting(admin)).toMatchObject({
      workflowType: 'APPLICATION_DELETION',
      properties: { applicationName: application.name, applicationOwner: ann.username },
    });
    expect(await ann.devportal(`DELETE ${APPLICATION}`, { path })).toFailWith(DeletionPending(application.name));
    expect(await change(ann, application, { description: 'Snow' })).toFailWith(ApplicationNotActive());
  });

  it('is done once it is approved', async () => {
    const { admin, ann, application, path } = await asked();

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    expect((await ann.devportal(`GET ${APPLICATION}`, { path })).status).toBe(404);
    expect(await knownToGateways(application)).toBeUndefined();
    expect(await waiting(admin)).toEqual([]);
  });

  it('leaves the status it found once it is turned down', async () => {
    const { admin, ann, application } = await asked();

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);

    expect((await read(ann, application)).status).toBe('APPROVED');
  });

  it('can be taken back', async () => {
    const { admin, ann, application, path } = await asked();

    expect((await ann.gatehouse(`DELETE ${PENDING}`, { path })).status).toBe(200);

    expect((await read(ann, application)).status).toBe('APPROVED');
    expect(await waiting(admin)).toEqual([]);
  });

  it('gives up a change that waits', async () => {
    const { admin, ann, application, path } = await withApplication('ApplicationUpdate');
    await requireApproval(admin, 'ApplicationUpdate', 'ApplicationDeletion');
    expected(await change(ann, application, { description: 'Snow' }), 200);

    expect((await ann.devportal(`DELETE ${APPLICATION}`, { path })).status).toBe(201);

    const { workflowType, referenceId } = await theWaiting(admin);
    expect(workflowType).toBe('APPLICATION_DELETION');
    expected(await decide(admin, referenceId, 'REJECTED'), 200);
    expect((await read(ann, application)).status).toBe('APPROVED');
  });
});

describe('an imported application that needs an approval', () => {
  it('waits, without the subscriptions of its archive', async () => {
    const { admin } = await approving('ApplicationCreation');
    const api = await given.publishedApi({ by: admin });
    const name = unique('App');

    const answer = await importOf(admin, written({ name }, [subscribed(api)]));

    expect(answer.status).toBe(207);
    const { list } = expected(
      await admin.devportal<{ list: readonly ApplicationBody[] }>('GET /applications', { query: { query: name } }),
      200,
    );
    expect(list).toMatchObject([{ name, status: 'CREATED', subscriptionCount: 0 }]);
    expect(await waiting(admin)).toHaveLength(1);
  });

  it('is refused with the keys of its archive, which it could not have yet', async () => {
    const { admin } = await approving('ApplicationCreation');
    const keys = [
      { keyType: 'PRODUCTION', consumerKey: unique('key'), consumerSecret: btoa('secret'), keyManager: 'Resident Key Manager' },
    ];

    expect(await importOf(admin, written({ name: unique('App'), keys }))).toFailWith(KeysBeforeApproval());
    expect(await waiting(admin)).toEqual([]);
  });

  it('waits with what an update would change', async () => {
    const { admin } = await given.organization();
    const application = await given.application(admin);
    await requireApproval(admin, 'ApplicationUpdate');

    expect((await importOf(admin, written({ name: application.name, description: 'Snow' }), { update: true })).status).toBe(201);

    expect(await read(admin, application)).toMatchObject({ status: 'UPDATE_PENDING', description: '' });
  });
});

it.each([
  ['GET', '/applications/{applicationId}/pending-change'],
  ['DELETE', '/applications/{applicationId}/pending-change'],
])('%s %s needs its scope, and an application that is there', async (method, template) => {
  const path = { applicationId: '00000000-0000-4000-8000-000000000000' };

  expect(await given.superAdmin.withScopes('apim:api_view').gatehouse(`${method} ${template}`, { path })).toFailWith(Unauthenticated());
  expect((await given.superAdmin.gatehouse(`${method} ${template}`, { path })).status).toBe(404);
  expect((await given.superAdmin.gatehouse(`${method} ${template}`, { path: { applicationId: 'no-uuid' } })).status).toBe(404);
});
