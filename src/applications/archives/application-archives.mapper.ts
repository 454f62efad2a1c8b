import type { DevportalAPIInfoDto } from '../../apis/portal/portal-apis.dto.js';
import type { Api } from '../../domain/api.js';
import type { Application } from '../../domain/application.js';
import type { Subscription } from '../../domain/subscription.js';
import { expirySeconds } from '../../keys/clients/secret-mask.js';
import type { ApplicationContent } from '../application-checks.js';
import { fromApplicationDto, ownerOf } from '../applications.mapper.js';
import type { ApplicationKey } from '../keys/key-mappings.js';
import type { ArchivedSecret, KeysToRestore } from '../keys/restored-keys.js';
import type {
  ArchivedApiIdDto,
  ArchivedApplicationDto,
  ArchivedApplicationInfoDto,
  ArchivedKeyDto,
  ArchivedSubscriptionDto,
} from './application-archives.dto.js';

/** The data of an archive: without what only this installation knows, and in one order, so that the same application makes the same archive. */
export const toArchivedApplication = (
  application: Application,
  keys: readonly ApplicationKey[],
  subscribed: readonly { readonly subscription: Subscription; readonly api: Pick<Api, 'name' | 'version' | 'provider'> }[],
): ArchivedApplicationDto => ({
  applicationInfo: {
    name: application.name,
    throttlingPolicy: application.throttlingPolicy,
    description: application.description,
    tokenType: application.tokenType,
    groups: [...application.groups].sort(),
    attributes: { ...application.attributes },
    owner: ownerOf(application),
    visibility: application.visibility,
    keys: keys
      .filter(({ mapping }) => mapping.consumerKey !== null)
      .map(toArchivedKey)
      .sort(by(({ keyManager, keyType }) => `${keyManager}\0${keyType}`)),
  },
  subscribedAPIs: subscribed
    .map(({ subscription, api }) => ({
      apiId: { providerName: api.provider, apiName: api.name, version: api.version },
      throttlingPolicy: subscription.policy,
    }))
    .sort(by(({ apiId: { apiName, version } }) => `${apiName}\0${version}`)),
});

/** Secrets that are kept as hashes alone are left out. */
const toArchivedKey = ({ mapping, secrets }: ApplicationKey): ArchivedKeyDto => {
  const consumerSecrets = secrets.flatMap(({ secret, description, expiresAt }) =>
    secret === null ? [] : [{ secretValue: encoded(secret), additionalProperties: { description, expiresAt: expirySeconds(expiresAt) } }],
  );
  return {
    keyManager: mapping.keyManager,
    keyType: mapping.keyType,
    keyState: mapping.state,
    mode: mapping.mode,
    consumerKey: mapping.consumerKey ?? '',
    consumerSecret: consumerSecrets.at(-1)?.secretValue ?? '',
    consumerSecrets,
    supportedGrantTypes: [...mapping.settings.grantTypes],
    callbackUrl: mapping.settings.callbackUrl,
    additionalProperties: { ...mapping.settings.properties },
  };
};

/** Keys whose registration was not complete have no consumer key, and are left behind. */
export const toKeysToRestore = (keys: readonly ArchivedKeyDto[]): readonly KeysToRestore[] =>
  keys.flatMap((key) =>
    key.consumerKey
      ? [
          {
            keyManager: key.keyManager || undefined,
            keyType: key.keyType,
            mode: key.mode ?? 'CREATED',
            consumerKey: key.consumerKey,
            grantTypes: [...new Set(key.supportedGrantTypes ?? [])],
            callbackUrl: key.callbackUrl ?? '',
            properties: key.additionalProperties ?? {},
            secrets: secretsOf(key),
          },
        ]
      : [],
  );

/** Oldest first; archives of one secret have it beside the list alone. */
const secretsOf = ({ consumerSecret, consumerSecrets = [] }: ArchivedKeyDto): readonly ArchivedSecret[] => {
  const listed = consumerSecrets.flatMap(({ secretValue, additionalProperties = {} }) => {
    const { description, expiresAt } = additionalProperties;
    const seconds = Number(expiresAt ?? 0);
    return secretValue
      ? [
          {
            plain: decoded(secretValue),
            description: typeof description === 'string' ? description : '',
            expiresAt: seconds > 0 && seconds <= SECONDS_MAX ? new Date(seconds * 1000) : null,
          },
        ]
      : [];
  });
  return listed.length > 0 || !consumerSecret ? listed : [{ plain: decoded(consumerSecret), description: '', expiresAt: null }];
};

/** The year 9999. */
const SECONDS_MAX = 253_402_300_799;

const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const decoded = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

export const contentOf = (info: ArchivedApplicationInfoDto): ApplicationContent => {
  const { name, throttlingPolicy, description, groups, attributes, visibility } = info;
  return fromApplicationDto({
    ...{ name, throttlingPolicy },
    ...(description !== undefined && { description }),
    ...(groups !== undefined && { groups }),
    ...(attributes !== undefined && { attributes }),
    ...(visibility !== undefined && { visibility }),
  });
};

/** An API that could not be subscribed to, by what the archive says of it: it need not exist here. */
export const toSkippedApi = ({ apiId, throttlingPolicy }: ArchivedSubscriptionDto, id: string | undefined): DevportalAPIInfoDto => ({
  id: id ?? '',
  ...nameOf(apiId),
  description: '',
  context: '',
  type: '',
  createdTime: '',
  lifeCycleStatus: '',
  thumbnailUri: '',
  avgRating: '',
  throttlingPolicies: throttlingPolicy ? [throttlingPolicy] : [],
  advertiseInfo: {},
  businessInformation: {},
  isSubscriptionAvailable: false,
  monetizationLabel: '',
  gatewayType: '',
  gatewayVendor: '',
  additionalProperties: [],
  monetizedInfo: false,
  egress: false,
  subtype: '',
});

const nameOf = ({ apiName, version, providerName }: ArchivedApiIdDto) => ({
  name: apiName,
  displayName: apiName,
  version,
  provider: providerName ?? '',
});

const by =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number => {
    const [left, right] = [key(a), key(b)];
    if (left === right) return 0;
    return left < right ? -1 : 1;
  };
