import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';

const change = (by: Actor, apiId: string, action: string, lifecycleChecklist?: string) =>
  by.publisher('POST /apis/change-lifecycle', { query: { apiId, action, lifecycleChecklist } });

const times = <T>(count: number, make: (at: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));

it('an API is retired while applications with subscriptions to it are deleted', async () => {
  const { admin } = await given.organization();
  const api = await given.publishedApi({ by: admin });
  const applications = await times(12, () => given.application(admin));
  for (const application of applications) await given.subscription(api, application, { by: admin });
  expected(await change(admin, api.id, 'Deprecate'), 200);

  const deletions = applications.map(({ applicationId }) =>
    admin.devportal('DELETE /applications/{applicationId}', { path: { applicationId } }),
  );
  const [retired, ...deleted] = await Promise.all([change(admin, api.id, 'Retire'), ...deletions]);

  expect([retired?.status, ...deleted.map(({ status }) => status)]).toEqual(Array(13).fill(200));
});

it('versions are published, and those before deprecated, while the default version changes', async () => {
  const { admin } = await given.organization();
  const versions = [(await given.publishedApi({ by: admin })).id];
  for (const newVersion of ['2.0.0', '3.0.0', '4.0.0', '5.0.0', '6.0.0']) {
    const query = { apiId: versions[0], newVersion };
    versions.push(expected(await admin.publisher<{ id: string }>('POST /apis/copy-api', { query }), 201).id);
  }
  const publish = (apiId: string) => change(admin, apiId, 'Publish', 'Deprecate old versions after publishing the API:true');
  const takeDefault = async (apiId: string) => {
    const current = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path: { apiId } }), 200);
    return admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...current, isDefaultVersion: true } });
  };

  const statuses: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all([...versions.map(publish), ...versions.map(takeDefault), ...versions.map(publish)]);
    statuses.push(...answers.map(({ status }) => status));
  }

  // 400: deprecated by a later version that was faster. 409: made way for others too often.
  expect(statuses.filter((status) => ![200, 400, 409].includes(status))).toEqual([]);
});
