import type { TenantConfig } from '../identity/tenant-config/tenant-config.js';
import { WorkflowsConfig } from '../platform/config/sections/workflows.config.js';
import { approvalBy, serverWide } from './executors.js';
import { type WorkflowType, workflowTypeOf } from './workflow-types.js';

const approval = { executor: 'approval' } as const;
const states = (stateList: string) => ({ executor: 'approval', stateList }) as const;

const CASES: readonly [NonNullable<TenantConfig['Workflows']>, WorkflowType, string | undefined, boolean | undefined][] = [
  [{}, 'SUBSCRIPTION_CREATION', undefined, undefined],
  [{ SubscriptionCreation: approval }, 'SUBSCRIPTION_CREATION', undefined, true],
  [{ SubscriptionCreation: { executor: 'simple' } }, 'SUBSCRIPTION_CREATION', undefined, false],
  [{ SubscriptionCreation: approval }, 'SUBSCRIPTION_UPDATE', undefined, undefined],
  [{ APIStateChange: states('Created:Publish,Published:Block') }, 'API_STATE', 'Published:Block', true],
  [{ APIStateChange: states(' created : PUBLISH ') }, 'API_STATE', 'Created:Publish', true],
  [{ APIStateChange: states('Created:Publish') }, 'API_STATE', 'Prototyped:Publish', false],
  [{ APIStateChange: { executor: 'simple', stateList: 'Created:Publish' } }, 'API_STATE', 'Created:Publish', false],
  [{ APIStateChange: states('Created:Publish') }, 'API_PRODUCT_STATE', 'Created:Publish', true],
  [
    { APIStateChange: states('Created:Publish'), APIProductStateChange: { executor: 'simple' } },
    'API_PRODUCT_STATE',
    'Created:Publish',
    false,
  ],
  [{ APIProductStateChange: states('Created:Publish') }, 'API_STATE', 'Created:Publish', undefined],
];

it.each(CASES)('%j asks about %s of %p: %p', (Workflows, type, step, expected) =>
  expect(approvalBy({ Workflows }, type, step)).toBe(expected));

it('asks about nothing by default', () => {
  const server = serverWide(new WorkflowsConfig());

  expect(approvalBy(server, 'SUBSCRIPTION_CREATION')).toBe(false);
  expect(approvalBy(server, 'API_STATE', 'Created:Publish')).toBe(false);
  expect(approvalBy(server, 'API_PRODUCT_STATE', 'Created:Publish')).toBe(false);
});

it('asks about the transitions that the server lists', () => {
  const server = serverWide(Object.assign(new WorkflowsConfig(), { stateList: 'Created:Publish' }));

  expect(approvalBy(server, 'API_STATE', 'Created:Publish')).toBe(true);
  expect(approvalBy(server, 'API_STATE', 'Published:Block')).toBe(false);
});

it.each([
  ['AM_API_STATE', 'API_STATE'],
  ['API_STATE', 'API_STATE'],
  ['am_api_state', undefined],
  ['', undefined],
])('the name %p is the type %p', (name, type) => expect(workflowTypeOf(name)).toBe(type));
