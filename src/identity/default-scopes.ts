import { ADMIN_ROLE, EVERYONE_ROLE } from '../domain/user.js';

const CREATOR = 'Internal/creator';
const PUBLISHER = 'Internal/publisher';
const SUBSCRIBER = 'Internal/subscriber';
const DEVOPS = 'Internal/devops';
const ANALYTICS = 'Internal/analytics';
const OBSERVER = 'Internal/observer';
const INTEGRATION_DEV = 'Internal/integration_dev';

const permissions = (...actions: readonly string[]): readonly string[] => [
  '/permission/admin/login',
  ...actions.map((action) => `/permission/admin/manage/api/${action}`),
];

/** Roles that every new tenant has, with their permissions (`reference/identity.md` §1). A role may be named as a reader of APIs when it may log in. */
export const DEFAULT_ROLES: ReadonlyMap<string, readonly string[]> = new Map([
  [ADMIN_ROLE, permissions('create', 'publish', 'subscribe')],
  [EVERYONE_ROLE, []],
  [CREATOR, permissions('create')],
  [PUBLISHER, permissions('publish')],
  [SUBSCRIBER, permissions('subscribe')],
  [DEVOPS, permissions()],
  [ANALYTICS, permissions()],
  [OBSERVER, permissions()],
  [INTEGRATION_DEV, permissions()],
  ['Internal/selfsignup', []],
  ['Internal/system', []],
]);

type Grant = readonly [roles: readonly string[], scopes: readonly string[]];

/** Which roles open which scopes in a new tenant, grouped by the roles (`reference/admin.md` §9). */
const GRANTS: readonly Grant[] = [
  [
    [ADMIN_ROLE, PUBLISHER],
    [
      'apim:api_publish',
      'apim:subscription_block',
      'apim:subscription_manage',
      'apim:monetization_usage_publish',
      'apim:mcp_server_publish',
    ],
  ],
  [
    [ADMIN_ROLE, CREATOR],
    [
      'apim:api_create',
      'apim:api_delete',
      'apim:mediation_policy_view',
      'apim:mediation_policy_create',
      'apim:api_mediation_policy_manage',
      'apim:ep_certificates_update',
      'apim:client_certificates_update',
      'apim:client_certificates_manage',
      'apim:threat_protection_policy_manage',
      'apim:client_certificates_add',
      'apim:client_certificates_view',
      'apim:mediation_policy_manage',
      'apim:threat_protection_policy_create',
      'apim:ep_certificates_add',
      'apim:ep_certificates_view',
      'apim:ep_certificates_manage',
      'apim:pub_alert_manage',
      'service_catalog:service_write',
      'apim:common_operation_policy_manage',
      'apim:mcp_server_create',
      'apim:mcp_server_delete',
    ],
  ],
  [
    [ADMIN_ROLE, CREATOR, PUBLISHER],
    [
      'apim:api_generate_key',
      'apim:tier_view',
      'apim:subscription_view',
      'apim:document_create',
      'apim:document_manage',
      'apim_analytics:api_analytics:view',
      'service_catalog:service_view',
      'apim:comment_view',
      'apim:comment_write',
      'apim:comment_manage',
      'apim:llm_provider_read',
      'apim:mcp_server_generate_key',
    ],
  ],
  [
    [ADMIN_ROLE, CREATOR, PUBLISHER, ANALYTICS, OBSERVER],
    ['apim:api_view', 'apim:mcp_server_view'],
  ],
  [
    [ADMIN_ROLE],
    [
      'apim:api_manage',
      'apim:tier_manage',
      'apim:bl_view',
      'apim:bl_manage',
      'apim:api_workflow_view',
      'apim:api_workflow_approve',
      'apim:admin',
      'apim:app_owner_change',
      'apim:app_settings_change',
      'apim:label_manage',
      'apim:label_read',
      'apim:admin_settings',
      'apim_analytics:admin',
      'apim_analytics:monitoring_dashboard:own',
      'apim_analytics:monitoring_dashboard:edit',
      'apim_analytics:business_analytics:own',
      'apim_analytics:business_analytics:edit',
      'apim_analytics:api_analytics:own',
      'apim_analytics:api_analytics:edit',
      'apim_analytics:application_analytics:own',
      'apim_analytics:application_analytics:edit',
      'apim:tenantInfo',
      'apim:tenant_theme_manage',
      'apim:admin_operations',
      'apim:keymanagers_manage',
      'apim:api_category',
      'apim:shared_scope_manage',
      'apim:admin_alert_manage',
      'apim:bot_data',
      'apim:scope_manage',
      'apim:role_manage',
      'apim:environment_manage',
      'apim:environment_read',
      'apim:admin_application_view',
      'apim:admin_tier_manage',
      'apim:admin_tier_view',
      'apim:api_provider_change',
      'apim:gateway_policy_manage',
      'apim:llm_provider_manage',
      'apim:gov_rule_manage',
      'apim:gov_policy_manage',
      'apim:mcp_server_manage',
    ],
  ],
  [
    [ADMIN_ROLE, SUBSCRIBER, DEVOPS],
    ['apim:subscribe', 'apim:app_manage', 'apim:sub_manage'],
  ],
  [
    [ADMIN_ROLE, DEVOPS],
    [
      'apim:app_import_export',
      'apim:api_import_export',
      'apim:api_product_import_export',
      'apim:policies_import_export',
      'apim:mcp_server_import_export',
    ],
  ],
  [
    [ADMIN_ROLE, SUBSCRIBER],
    ['apim:app_update', 'apim:store_settings', 'apim:api_key', 'apim_analytics:application_analytics:view', 'apim:sub_alert_manage'],
  ],
  [
    [ADMIN_ROLE, CREATOR, PUBLISHER, OBSERVER],
    [
      'apim:publisher_settings',
      'apim:common_operation_policy_view',
      'apim:gateway_policy_view',
      'apim:gov_rule_read',
      'apim:gov_result_read',
      'apim:gov_policy_read',
    ],
  ],
  [
    [ADMIN_ROLE, ANALYTICS],
    ['apim_analytics:monitoring_dashboard:view', 'apim_analytics:business_analytics:view'],
  ],
  [[ADMIN_ROLE, CREATOR, PUBLISHER, ANALYTICS], ['apim:throttling_policy_manage']],
  [[INTEGRATION_DEV], ['apim:api_list_view', 'apim:api_definition_view']],
  [[ADMIN_ROLE, INTEGRATION_DEV], ['apim:mcp_server_list_view']],
];

/** Scopes that a tenant may lack because its map is older than they are; added whenever it is read (`reference/admin.md` §9). */
const LATER_GRANTS: readonly Grant[] = [
  [
    [ADMIN_ROLE, PUBLISHER],
    ['apim:subscription_approval_view', 'apim:subscription_approval_manage'],
  ],
  [[ADMIN_ROLE, CREATOR], ['apim:publisher_organization_read']],
  [[ADMIN_ROLE], ['apim:organization_manage', 'apim:organization_read']],
];

const mapOf = (grants: readonly Grant[]): ReadonlyMap<string, readonly string[]> =>
  new Map(grants.flatMap(([roles, scopes]) => scopes.map((scope) => [scope, roles] as const)));

/** Scope to roles, complete: what a tenant without a map of its own starts with. */
export const DEFAULT_SCOPE_ROLES: ReadonlyMap<string, readonly string[]> = mapOf([...GRANTS, ...LATER_GRANTS]);
/** Scope to roles, only what is added to a map that lacks it. */
export const SCOPES_ADDED_WHEN_ABSENT: ReadonlyMap<string, readonly string[]> = mapOf(LATER_GRANTS);

/** Opened by the role `admin` alone and by no tenant's map: users, roles and OAuth clients (`reference/identity.md` §2 and §3). */
export const IDENTITY_ADMIN_SCOPES: readonly string[] = [
  ...['list', 'create', 'view', 'update', 'delete'].map((action) => `internal_user_mgt_${action}`),
  ...['view', 'create', 'update', 'delete'].map((action) => `internal_role_mgt_${action}`),
  ...['view', 'create', 'update', 'delete'].map((action) => `internal_application_mgt_${action}`),
];
/** Opened by the role `admin` of the super tenant alone. */
export const TENANT_ADMIN_SCOPES: readonly string[] = ['internal_list_tenants', 'internal_modify_tenants'];
/** Whether a scope is one of users, roles, clients or tenants: no tenant's map may open it, or its administrators could manage the other tenants. */
export const isIdentityScope = (scope: string): boolean => scope.startsWith('internal_');
/** Open to every user. */
export const LOGIN_SCOPE = 'internal_login';
