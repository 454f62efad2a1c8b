import { ORGANIZATION, OWN_ONLY, of, type Table } from './matrix.js';

/** 400 for an id of nobody's too, once there is an own theme. */
const organizationTheme = { path: { id: 'orgThemeId' }, refused: [400, 404] };
const alerts = { path: { uuid: 'alertId' } };
const applicationPolicy = { path: { policyId: 'applicationPolicyId' } };
const subscriptionPolicy = { path: { policyId: 'subscriptionPolicyId' } };
const advancedPolicy = { path: { policyId: 'advancedPolicyId' } };
const spare = { path: { applicationId: 'spareApplicationId' } };
const hidden = { refused: [401] };
/** The reference tells an organization of another tenant from one that is not there (admin.md §7). */
const foreign = { refused: [403] };
const environment = { path: { environmentId: 'ownEnvironmentId' } };
const RULES = 'custom rules are the super tenant’s alone: other tenants have none';
const GLOBAL = 'global key managers are the super tenant’s alone: other tenants have none';
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const consumed = () => ({ fromDate: dayOf(Date.now() - 86_400_000), toDate: dayOf(Date.now()) });
const ANALYTICS = 'there is no analytics server to have any';
const TIMES = { startTime: '2026-01-01', endTime: '2030-01-01' };

export const ADMIN: Table = of('admin', {
  'GET /throttling/policies/search': {},
  'GET /throttling/policies/export': { with: (its) => ({ query: { type: 'app', name: its['name'] } }) },
  'POST /throttling/policies/import': OWN_ONLY,
  'POST /throttling/policies/application': OWN_ONLY,
  'GET /throttling/policies/application/{policyId}': applicationPolicy,
  'PUT /throttling/policies/application/{policyId}': applicationPolicy,
  'DELETE /throttling/policies/application/{policyId}': applicationPolicy,
  'POST /throttling/policies/subscription': OWN_ONLY,
  'GET /throttling/policies/subscription/{policyId}': subscriptionPolicy,
  'PUT /throttling/policies/subscription/{policyId}': subscriptionPolicy,
  'DELETE /throttling/policies/subscription/{policyId}': subscriptionPolicy,
  'POST /throttling/policies/advanced': OWN_ONLY,
  'GET /throttling/policies/advanced/{policyId}': advancedPolicy,
  'PUT /throttling/policies/advanced/{policyId}': advancedPolicy,
  'DELETE /throttling/policies/advanced/{policyId}': advancedPolicy,
  'GET /throttling/policies/custom': RULES,
  'POST /throttling/policies/custom': RULES,
  'GET /throttling/policies/custom/{ruleId}': RULES,
  'PUT /throttling/policies/custom/{ruleId}': RULES,
  'DELETE /throttling/policies/custom/{ruleId}': RULES,
  'POST /throttling/deny-policies': OWN_ONLY,
  'PATCH /throttling/deny-policy/{conditionId}': { with: () => ({ body: { conditionStatus: true } }) },
  'POST /environments': OWN_ONLY,
  'GET /environments/{environmentId}': environment,
  'PUT /environments/{environmentId}': environment,
  'DELETE /environments/{environmentId}': environment,
  'GET /environments/{environmentId}/gateways': environment,
  'POST /gateways': OWN_ONLY,
  'PUT /gateways/{gatewayId}': {
    with: (its) => ({
      body: {
        ...{ name: `${its['name']}-g`, displayName: 'Changed', vhost: `https://${its['name']}.test` },
        properties: { gatewayController: { enabled: true, version: '1.0.0' } },
      },
    }),
  },
  'POST /gateways/{gatewayId}/regenerate-token': {},
  'POST /api-categories': OWN_ONLY,
  'PUT /api-categories/{apiCategoryId}': { with: (its) => ({ body: { name: its['name'], description: 'Changed' } }) },
  'POST /labels': OWN_ONLY,
  'PUT /labels/{labelId}': { with: (its) => ({ body: { name: its['name'], description: 'Changed' } }) },
  'POST /organizations': OWN_ONLY,
  'GET /organizations/{organizationId}': foreign,
  'PUT /organizations/{organizationId}': foreign,
  'DELETE /organizations/{organizationId}': foreign,
  'GET /workflows/{externalWorkflowRef}': hidden,
  'GET /alert-subscriptions': { unmarked: ANALYTICS },
  'GET /alert-types': { unmarked: ANALYTICS },
  'GET /bot-detection-data': { unmarked: ANALYTICS, own: [404, ANALYTICS] },
  'GET /me/organization-information': ORGANIZATION,
  'GET /monetization/publish-usage/status': { unmarked: 'is a state' },
  'GET /settings': { unmarked: 'the tenant changes none of the settings' },
  'GET /tenant-config-schema': { unmarked: 'is the same for every tenant' },
  'POST /workflows/update-workflow-status': {
    ...hidden,
    with: (its) => ({ query: { workflowReferenceId: its['applicationWorkflowRef'] }, body: { status: 'APPROVED' } }),
  },
  'DELETE /applications/{applicationId}': spare,
  'POST /applications/{applicationId}/change-owner': { ...spare, with: (its) => ({ query: { owner: its['username'] } }) },
  'POST /applications/{applicationId}/change-settings': { with: () => ({ body: { tokenType: 'JWT' } }) },
  'GET /tenant-info/{username}': 'tells the tenant a user name belongs to, whether there is such a user or not',
  'GET /custom-urls/{tenantDomain}': { superMay: 'the super tenant’s administrators know the addresses of all' },
  'PUT /tenant-config': OWN_ONLY,
  'PUT /system-scopes': OWN_ONLY,
  'PUT /system-scopes/role-aliases': OWN_ONLY,
  'GET /system-scopes/{scopeName}': { path: { scopeName: 'scopeWord' }, with: (its) => ({ query: { username: its['username'] } }) },
  'POST /api-keys/revoke': { with: (its) => ({ body: { keyUUID: its['revokedKeyId'] } }) },
  'PUT /alert-subscriptions': OWN_ONLY,
  'DELETE /alert-subscriptions': OWN_ONLY,
  'POST /alert-subscriptions/bot-detection': OWN_ONLY,
  'DELETE /alert-subscriptions/bot-detection/{uuid}': alerts,
  'GET /tenant-theme': { own: [404, 'the super tenant has none'] },
  'PUT /tenant-theme': OWN_ONLY,
  'POST /org-themes': OWN_ONLY,
  'GET /org-themes/{id}/content': organizationTheme,
  'POST /org-themes/{id}/status': { ...organizationTheme, with: () => ({ body: { action: 'PUBLISH' } }) },
  'DELETE /org-themes/{id}': organizationTheme,
  'GET /transaction-count': { with: () => ({ query: TIMES }), isList: true, unmarked: 'is a number' },
  'GET /export-consumption': { with: () => ({ query: consumed() }), isList: true, unmarked: 'nothing was consumed' },
  'POST /key-managers': OWN_ONLY,
  'POST /key-managers/discover': OWN_ONLY,
  'GET /global-key-managers': GLOBAL,
  'POST /global-key-managers': GLOBAL,
  'GET /global-key-managers/{keyManagerId}': GLOBAL,
  'PUT /global-key-managers/{keyManagerId}': GLOBAL,
  'DELETE /global-key-managers/{keyManagerId}': GLOBAL,
  'POST /apis/{apiId}/change-provider': { with: (its) => ({ query: { provider: its['username'] } }) },
  'POST /monetization/publish-usage': OWN_ONLY,
});
