import { type Api, isAdvertised, isAsync } from '../../domain/api.js';
import { SUPER_TENANT } from '../../domain/organization.js';
import { type PortalApi, serversOf } from '../portal/portal-api.js';

/** What a store is told about an API: a place to read about it, and where to call it. Parts of the publisher's API object. */
export interface Announcement {
  readonly name: string;
  readonly version: string;
  /** The API's page in this server's developer portal; it tells our APIs from others of the same name. */
  readonly link: string;
  /** Said once, when the API is made there: the store's own people may change it. */
  readonly first: Readonly<Record<string, unknown>>;
  /** Said every time. */
  readonly always: Readonly<Record<string, unknown>>;
}

/** The announcement of an API as the developer portal at the address shows it. */
export const announcementOf = ({ api, endpoints }: Pick<PortalApi, 'api' | 'endpoints'>, devportal: string): Announcement => {
  const { name, version, context, type, tags, provider, details } = api;
  const link = linkOf(api, devportal);
  const isStreaming = isAsync(type);
  const [address = link] = endpoints.flatMap(serversOf);
  const called = { apiExternalProductionEndpoint: address, apiExternalSandboxEndpoint: address };
  const { apiExternalProductionEndpoint, apiExternalSandboxEndpoint } = isAdvertised(api) ? details.advertiseInfo : called;
  return {
    name,
    version,
    link,
    first: { name, version, context, type: isStreaming ? 'ASYNC' : 'HTTP', policies: [isStreaming ? 'AsyncUnlimited' : 'Unlimited'] },
    always: {
      displayName: details.displayName,
      description: details.description,
      tags,
      businessInformation: details.businessInformation,
      advertiseInfo: {
        advertised: true,
        apiExternalProductionEndpoint,
        apiExternalSandboxEndpoint,
        originalDevPortalUrl: link,
        apiOwner: provider,
        vendor: 'WSO2',
      },
      // The fields of a GraphQL API are no resources.
      ...(type !== 'GRAPHQL' && {
        operations: details.operations.map(({ target, verb }) => ({ target, verb, throttlingPolicy: 'Unlimited' })),
      }),
    },
  };
};

const linkOf = ({ id, organization }: Pick<Api, 'id' | 'organization'>, devportal: string): string => {
  const tenant = organization === SUPER_TENANT ? '' : `?tenant=${encodeURIComponent(organization)}`;
  return `${devportal.replace(/\/+$/, '')}/apis/${id}/overview${tenant}`;
};
