const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const NAME = { type: 'string', minLength: 1, maxLength: 255 } as const;
const object = (properties: Readonly<Record<string, unknown>>, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const list = (items: unknown, further: Readonly<Record<string, unknown>> = {}) => ({ type: 'array', items, ...further });

const EXECUTORS = { enum: ['simple', 'approval', 'http'] } as const;
/** An empty secret is the one that was there before. */
const OUTSIDE = {
  url: { type: 'string', maxLength: 2048, pattern: '^https?://' },
  secret: { type: 'string', maxLength: 255, pattern: '^(.{16,})?$' },
};
const OUTSIDE_ONLY = {
  if: { properties: { executor: { const: 'http' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['url', 'secret'] },
  else: { properties: { url: false, secret: false } },
};
const executor = (further: Readonly<Record<string, unknown>> = {}) => ({
  ...object({ executor: EXECUTORS, ...further, ...OUTSIDE }, ['executor']),
  ...OUTSIDE_ONLY,
  additionalProperties: false,
});
const EXECUTOR = executor();
const APPLICATION_EXECUTOR = executor({ applicationAttributesVisibility: FLAG });
/** Without a list of transitions nobody could tell which of them need approval. */
const STATE_CHANGE = {
  ...object({ executor: EXECUTORS, stateList: { type: 'string', pattern: '^[^:,]+:[^:,]+(,[^:,]+:[^:,]+)*$' }, ...OUTSIDE }, ['executor']),
  allOf: [
    OUTSIDE_ONLY,
    {
      if: { properties: { executor: { enum: ['approval', 'http'] } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['stateList'] },
    },
  ],
  additionalProperties: false,
};

const role = object({ CreateOnTenantLoad: FLAG, RoleName: NAME });

const LIFE_CYCLE = object({
  States: list(
    object(
      {
        State: { type: 'string', minLength: 1, maxLength: 80, pattern: '^[^:,]+$' },
        CheckItems: list({ type: 'string', pattern: '^[^,]+$' }),
        Transitions: list(object({ Event: { type: 'string', minLength: 1, maxLength: 80, pattern: '^[^:,]+$' }, Target: TEXT })),
      },
      ['State'],
    ),
    { minItems: 1, maxItems: 100 },
  ),
});

const EXTERNAL_STORE = {
  ...object({
    // Ids are listed with commas between them.
    id: { ...NAME, pattern: '^[^,\\s]+$' },
    displayName: NAME,
    type: { enum: ['wso2'] },
    endpoint: { type: 'string', maxLength: 2048, pattern: '^https?://' },
    username: { ...NAME, pattern: '^[^:]+$' },
    password: { type: 'string', maxLength: 255 },
  }),
  additionalProperties: false,
};

const FLAG_OR_WORD = { enum: [true, false, 'true', 'false'] };
const APPLICATION_ATTRIBUTE = object(
  { Attribute: NAME, Description: TEXT, Required: FLAG_OR_WORD, Hidden: FLAG_OR_WORD, Type: TEXT, Tooltip: TEXT, Default: TEXT },
  ['Attribute'],
);

const ROLES = ['PublisherRole', 'CreatorRole', 'SubscriberRole', 'DevOpsRole', 'IntegrationDeveloperRole'];

/** What the document must look like (`reference/admin.md` §10); keys it does not name are allowed and kept. */
export const TENANT_CONFIG_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'tenant configuration',
  ...object(
    {
      EnableMonetization: FLAG,
      EnableRecommendation: FLAG,
      IsUnlimitedTierPaid: FLAG,
      ExtensionHandlerPosition: TEXT,
      RESTAPIScopes: object({ Scope: list(object({ Name: NAME, Roles: TEXT }), { maxItems: 2000 }) }),
      RoleMappings: { type: 'object', maxProperties: 1000, additionalProperties: { type: 'string', maxLength: 10_000 } },
      Meta: object({ Migration: { type: 'object' } }),
      NotificationsEnabled: { type: ['string', 'boolean'] },
      Notifications: list(
        object({
          Type: TEXT,
          Notifiers: list(object({ Class: TEXT, ClaimsRetrieverImplClass: TEXT, Title: TEXT, Template: TEXT }, ['Title', 'Template'])),
        }),
      ),
      DefaultRoles: object(Object.fromEntries([...ROLES, 'ObserverRole'].map((name) => [name, role])), ROLES),
      SelfSignUp: object({ SignUpRoles: list(NAME) }),
      DefaultAPILevelTier: TEXT,
      DefaultSubscriptionLevelTier: TEXT,
      DefaultApplicationLevelTier: TEXT,
      LifeCycle: LIFE_CYCLE,
      AllowSubscriptionValidationDisabling: FLAG,
      MonetizationInfo: { type: 'object' },
      ApiMaxRevisionCount: { type: 'integer', minimum: 1, maximum: 1000 },
      ApplicationConfigs: object({ Attributes: list(APPLICATION_ATTRIBUTE, { maxItems: 200 }) }, []),
      DisableDefaultApplicationCreation: FLAG,
      EnableAnonymous: FLAG,
      EnablePerTenantServiceProviderCreation: FLAG,
      ExposeEndpointPassword: FLAG,
      SecurityAuditConfig: object({ apiToken: TEXT, collectionId: TEXT, baseUrl: TEXT, overrideGlobal: FLAG }, []),
      Workflows: {
        ...object(
          {
            ApplicationCreation: APPLICATION_EXECUTOR,
            ApplicationUpdate: APPLICATION_EXECUTOR,
            ApplicationDeletion: APPLICATION_EXECUTOR,
            ProductionApplicationRegistration: APPLICATION_EXECUTOR,
            SandboxApplicationRegistration: APPLICATION_EXECUTOR,
            SubscriptionCreation: EXECUTOR,
            SubscriptionUpdate: EXECUTOR,
            SubscriptionDeletion: EXECUTOR,
            UserSignUp: EXECUTOR,
            APIStateChange: STATE_CHANGE,
            APIProductStateChange: STATE_CHANGE,
            APIRevisionDeployment: EXECUTOR,
          },
          [],
        ),
        additionalProperties: false,
      },
      CustomUrls: { ...object({ DevPortal: { type: 'string', maxLength: 2048, pattern: '^https?://' } }, []), additionalProperties: false },
      ExternalStores: list(EXTERNAL_STORE, { maxItems: 50 }),
    },
    [
      'EnableMonetization',
      'EnableRecommendation',
      'IsUnlimitedTierPaid',
      'ExtensionHandlerPosition',
      'RESTAPIScopes',
      'Meta',
      'NotificationsEnabled',
      'Notifications',
      'DefaultRoles',
    ],
  ),
};
