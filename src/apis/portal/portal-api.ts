import { type Api, invocationPath, VERSION_PARAMETER } from '../../domain/api.js';
import { tenantContext } from '../../domain/organization.js';
import type { Environment } from '../../environments/environment.js';
import type { ThrottlingPolicy } from '../../throttling/throttling-policy.js';
import type { ApiListItem } from '../apis.queries.js';
import type { DeploymentView } from '../revisions/deployments.queries.js';
import { gatewayUrls, NO_URLS, type TransportUrls } from './gateway-urls.js';

/** An environment in which subscribers can call an API. */
export interface PortalEndpoint {
  readonly environment: Environment;
  readonly urls: TransportUrls;
  /** Without the version; all null unless the API is the default version. */
  readonly defaultVersionUrls: TransportUrls;
}

/** An API in a list, with its average rating as in {@link PortalApi}. */
export type ListedPortalApi = ApiListItem & Pick<PortalApi, 'rating'>;

/** All that the developer portal shows of one API. */
export interface PortalApi {
  readonly api: Api;
  readonly endpoints: readonly PortalEndpoint[];
  readonly plans: readonly ThrottlingPolicy[];
  /** The definition as subscribers see it, as JSON. */
  readonly definition: string;
  readonly subscriptions: number;
  /** Average to one decimal, 0 for an API nobody rated. */
  readonly rating: number;
  readonly isSubscriptionAvailable: boolean;
}

/** Where subscribers find an API: the environments with a deployment that the portal may show and whose virtual host still exists. */
export const endpointsOf = (
  api: Api,
  deployments: readonly DeploymentView[],
  environments: readonly Environment[],
): readonly PortalEndpoint[] =>
  deployments
    .filter(({ displayOnDevportal }) => displayOnDevportal)
    .flatMap(({ environment: name, vhost: host }) => {
      const environment = environments.find((candidate) => candidate.name === name);
      const vhost = environment?.vhosts.find((candidate) => candidate.host === host || candidate.wsHost === host);
      if (environment === undefined || vhost === undefined) return [];
      const shape = { type: api.type, transports: api.details.transport };
      const withoutVersion = tenantContext(api.organization, api.context.replace(VERSION_PARAMETER, api.version));
      return {
        environment,
        urls: gatewayUrls(vhost, shape, invocationPath(api)),
        defaultVersionUrls: api.isDefaultVersion ? gatewayUrls(vhost, shape, withoutVersion) : NO_URLS,
      };
    });

/** The addresses a definition may name, https first. */
export const serversOf = ({ urls: { https, http, wss, ws } }: PortalEndpoint): readonly string[] =>
  [https, http, wss, ws].filter((url) => url !== null);

/** What says to whom an API is open. */
export interface OpenableApi {
  readonly details: Pick<Api['details'], 'subscriptionAvailability' | 'subscriptionAvailableTenants'>;
}

/** Whether the API's publisher lets people of another tenant subscribe. */
export const isOpenTo = (organization: string, { details }: OpenableApi): boolean =>
  details.subscriptionAvailability === 'ALL_TENANTS' ||
  (details.subscriptionAvailability === 'SPECIFIC_TENANTS' && details.subscriptionAvailableTenants.includes(organization));
