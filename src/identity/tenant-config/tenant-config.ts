/** One state of a tenant's own life cycle. */
export interface ConfiguredState {
  readonly State: string;
  readonly CheckItems?: readonly string[];
  readonly Transitions?: readonly { readonly Event: string; readonly Target: string }[];
}

/** Who decides about one kind of change: nobody (`simple`), a person (`approval`), or an outside system (`http`), with a person where it fails. */
export interface ConfiguredWorkflow {
  readonly executor: 'simple' | 'approval' | 'http';
  /** Of life-cycle workflows: the transitions that need the approval, as `State:Action,State:Action`. */
  readonly stateList?: string;
  /** Of what is asked about applications and their keys: whether approvers are shown the application's attributes. */
  readonly applicationAttributesVisibility?: boolean;
  /** Of `http`: where the outside system is told of requests, and the secret that signs both ways, encrypted. */
  readonly url?: string;
  readonly secret?: string;
}

export interface ConfiguredNotification {
  readonly Type: string;
  readonly Notifiers: readonly { readonly Title: string; readonly Template: string; readonly [key: string]: string }[];
}

/** Another server whose store may offer this tenant's APIs. */
export interface ConfiguredStore {
  readonly id: string;
  readonly displayName: string;
  readonly type: 'wso2';
  /** Address of the server, without the path of an API. */
  readonly endpoint: string;
  readonly username: string;
  /** Encrypted at rest; empty where it is shown. */
  readonly password: string;
}

/** What applications of a tenant carry beside their name. */
export interface ConfiguredAttribute {
  readonly Attribute: string;
  readonly Description?: string;
  /** A boolean or a word, as the other flag. */
  readonly Required?: boolean | string;
  readonly Hidden?: boolean | string;
  readonly Type?: string;
  readonly Tooltip?: string;
  readonly Default?: string;
}

/** What a tenant's administrator configured (`reference/admin.md` §10): checked when it is stored; a key that is absent has its default. */
export interface TenantConfig {
  readonly LifeCycle?: { readonly States: readonly ConfiguredState[] };
  readonly ApiMaxRevisionCount?: number;
  /** A text or a boolean: `"true"`, `true`. */
  readonly NotificationsEnabled?: string | boolean;
  /** In place of the server's `[[apim.devportal.application_attributes]]`. */
  readonly ApplicationConfigs?: { readonly Attributes?: readonly ConfiguredAttribute[] };
  /** First-time subscribers get no application of their own. */
  readonly DisableDefaultApplicationCreation?: boolean;
  readonly Notifications?: readonly ConfiguredNotification[];
  /** By the executor's element, such as `SubscriptionCreation`; a key of ours. */
  readonly Workflows?: Readonly<Record<string, ConfiguredWorkflow>>;
  /** Roles that pass as others where scopes are decided: by the original role, the aliases separated by commas. */
  readonly RoleMappings?: Readonly<Record<string, string>>;
  /** Addresses of the tenant's own, a key of ours; the product keeps them in the registry. */
  readonly CustomUrls?: { readonly DevPortal?: string };
  /** Roles of those who sign up by themselves. */
  readonly SelfSignUp?: { readonly SignUpRoles: readonly string[] };
  /** A key of ours; the product keeps its external stores in the registry. */
  readonly ExternalStores?: readonly ConfiguredStore[];
  readonly [key: string]: unknown;
}

const role = (RoleName: string) => ({ CreateOnTenantLoad: true, RoleName });

/** What a tenant's document holds, the scopes aside, as long as nobody changed it; in the order in which it is shown. */
export const DEFAULT_TENANT_CONFIG: TenantConfig = {
  EnableMonetization: false,
  EnableRecommendation: false,
  IsUnlimitedTierPaid: false,
  ExtensionHandlerPosition: 'bottom',
  RESTAPIScopes: {},
  Meta: { Migration: { '3.0.0': true } },
  NotificationsEnabled: 'false',
  Notifications: [
    {
      Type: 'new_api_version',
      Notifiers: [
        {
          Class: 'email',
          ClaimsRetrieverImplClass: 'default',
          Title: 'Version $2 of $1 is available',
          Template:
            '<html><body><p>You are subscribed to an earlier version of the API $1. Version $2 of it is available in the developer portal.</p></body></html>',
        },
      ],
    },
  ],
  DefaultRoles: {
    PublisherRole: role('Internal/publisher'),
    CreatorRole: role('Internal/creator'),
    SubscriberRole: role('Internal/subscriber'),
    DevOpsRole: role('Internal/devops'),
    ObserverRole: role('Internal/observer'),
    IntegrationDeveloperRole: role('Internal/integration_dev'),
  },
  SelfSignUp: { SignUpRoles: ['Internal/subscriber'] },
  DefaultAPILevelTier: 'Unlimited',
  DefaultSubscriptionLevelTier: 'Unlimited',
  DefaultApplicationLevelTier: 'Unlimited',
  AllowSubscriptionValidationDisabling: false,
};
