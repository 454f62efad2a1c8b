import type { Actor } from '../support/actor.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

const nowhere = { url: 'default' };
const endpointConfig = { endpoint_type: 'default', production_endpoints: nowhere, sandbox_endpoints: nowhere };
const OPEN = { verb: 'GET', authType: 'None' };

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

it('sends requests where a policy says, and answers 303001 where none does', async () => {
  const backend = await given.backend();
  const policy = { policyName: 'setToHeader', policyVersion: 'v2', policyType: 'common', parameters: { value: `${backend.url}/base` } };
  const api = await given.publishedApi({
    by: admin,
    with: {
      endpointConfig,
      operations: [
        { ...OPEN, target: '/there', operationPolicies: { request: [policy] } },
        { ...OPEN, target: '/nowhere' },
      ],
    },
  });

  const there = await gateway<{ url: string }>(`${api.url}/there?a=b`);
  const nowhereToGo = await gateway<{ code: string }>(`${api.url}/nowhere`);

  expect([there.status, there.body.url]).toEqual([200, '/base/there?a=b']);
  expect([nowhereToGo.status, nowhereToGo.body.code]).toEqual([500, '303001']);
});
