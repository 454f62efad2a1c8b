import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

const REDEPLOYMENTS = 6;

it('drops no request while an API is deployed again and again under load', async () => {
  const backend = await given.backend();
  const { api, token } = await given.subscriber({ backend });
  const seen = new Map<number, number>();
  let running = true;
  const caller = async () => {
    while (running) {
      const { status } = await gateway(`${api.url}/x`, { token });
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
  };
  const callers = Array.from({ length: 8 }, caller);

  for (let round = 0; round < REDEPLOYMENTS; round++) {
    const path = { apiId: api.id };
    const revisions = await given.superAdmin.publisher<{ list: { id: string; deploymentInfo: unknown[] }[] }>(
      'GET /apis/{apiId}/revisions',
      { path },
    );
    for (const { id } of revisions.body.list.filter(({ deploymentInfo }) => deploymentInfo.length === 0)) {
      await given.superAdmin.publisher('DELETE /apis/{apiId}/revisions/{revisionId}', { path: { apiId: api.id, revisionId: id } });
    }
    await given.deployment(api);
  }
  running = false;
  await Promise.all(callers);

  expect([...seen.keys()]).toEqual([200]);
  expect(seen.get(200)).toBeGreaterThan(50);
});

it('acknowledges a deployment', async () => {
  const api = await given.publishedApi({ backend: await given.backend() });

  const revisions = await eventually(
    () =>
      given.superAdmin.publisher<{
        list: { deploymentInfo: { deployedGatewayCount: number; liveGatewayCount: number; failedGatewayCount: number }[] }[];
      }>('GET /apis/{apiId}/revisions', { path: { apiId: api.id } }),
    ({ body }) => (body.list[0]?.deploymentInfo[0]?.deployedGatewayCount ?? 0) > 0,
  );

  // Other tests have gateways of their own, which come and go.
  const { deployedGatewayCount = 0, failedGatewayCount, liveGatewayCount = 0 } = revisions.body.list[0]?.deploymentInfo[0] ?? {};
  expect(failedGatewayCount).toBe(0);
  expect(deployedGatewayCount).toBeGreaterThanOrEqual(1);
  expect(deployedGatewayCount).toBeLessThanOrEqual(liveGatewayCount);
});
