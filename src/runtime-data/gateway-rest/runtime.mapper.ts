import { PRODUCT_TYPE } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import type { ApiRow, ApplicationRow, KeyRow, SubscriptionRow } from '../runtime-rows.js';
import { toURLMapping, type URLMappingBody } from '../url-mappings.js';

export interface APIMetaDataBody {
  readonly apiUUID: string;
  readonly apiId: number;
  readonly provider: string;
  readonly name: string;
  readonly version: string;
  readonly context: string;
  readonly policy?: string;
  readonly apiType: string;
  readonly isDefaultVersion: boolean;
  readonly status: string;
}

export interface ApplicationInfoBody {
  readonly uuid: string;
  readonly id: number;
  readonly name: string;
  readonly subName: string;
  readonly policy: string;
  readonly tokenType: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly keys: readonly KeyRow[];
}

export interface APIInfoBody extends APIMetaDataBody {
  readonly urlMappings: readonly URLMappingBody[];
  /** Spelt so in the contract. */
  readonly subscripitons: readonly {
    readonly subscriptionUUID: string;
    readonly subscriptionPolicy: string;
    readonly status: string;
    readonly application: ApplicationInfoBody | undefined;
  }[];
}

export interface SubscriptionBody {
  readonly subscriptionId: number;
  readonly policyId: string;
  readonly apiId: number;
  readonly appId: number;
  readonly subscriptionState: string;
}

export const toAPIMetaData = (api: ApiRow): APIMetaDataBody => ({
  apiUUID: api.id,
  apiId: api.number,
  provider: api.provider,
  name: api.name,
  version: api.version,
  context: api.path,
  ...(api.policy !== null && { policy: api.policy }),
  apiType: shownType(api.type),
  isDefaultVersion: api.isDefaultVersion,
  status: api.status,
});

/** Gateways of the product know a product by this spelling. */
export const shownType = (type: string): string => (type === PRODUCT_TYPE ? 'APIProduct' : type);

export const toAPIInfo = (api: ApiRow, subscriptions: readonly SubscriptionRow[], applications: readonly ApplicationRow[]): APIInfoBody => {
  const infos = new Map(applications.map((application) => [application.id, toApplicationInfo(application)]));
  return {
    ...toAPIMetaData(api),
    urlMappings: (api.operations ?? []).map(toURLMapping),
    subscripitons: subscriptions.map(({ id, policy, state, applicationId }) => ({
      subscriptionUUID: id,
      subscriptionPolicy: policy,
      status: state,
      application: infos.get(applicationId),
    })),
  };
};

export const toApplicationInfo = (application: ApplicationRow): ApplicationInfoBody => ({
  uuid: application.id,
  id: application.number,
  name: application.name,
  subName: shownName({ name: application.owner, organization: application.organization }),
  policy: application.policy,
  tokenType: application.tokenType,
  attributes: textsOf(application.attributes),
  keys: application.keys,
});

/** Attributes are texts on the wire. */
export const textsOf = (attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));

export const toSubscription = ({ number, policy, apiNumber, applicationNumber, state }: SubscriptionRow): SubscriptionBody => ({
  subscriptionId: number,
  policyId: policy,
  apiId: apiNumber,
  appId: applicationNumber,
  subscriptionState: state,
});
