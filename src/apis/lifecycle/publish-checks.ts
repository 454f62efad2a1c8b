import type { Api } from '../../domain/api.js';
import { hasEndpoint } from '../revisions/api-document.js';
import { EndpointMissing, TiersMissing } from './lifecycle.problems.js';

/** What stands between an API and its publication (`reference/publisher.md` §4). @throws EndpointMissing (903223), TiersMissing (903224). */
export const refuseUnpublishable = (api: Pick<Api, 'id' | 'type' | 'policies' | 'details'>): void => {
  if (!leadsSomewhere(api)) throw EndpointMissing(api.id);
  if (api.details.securityScheme.includes('oauth2') && api.policies.length === 0) throw TiersMissing(api.id);
};

/** A backend is named, or none is needed: callbacks come in from outside, mocks answer themselves, advertised APIs are called elsewhere. */
const leadsSomewhere = ({ type, details }: Pick<Api, 'type' | 'details'>): boolean => {
  const { advertiseInfo } = details;
  if (advertiseInfo.advertised) return Boolean(advertiseInfo.apiExternalProductionEndpoint || advertiseInfo.apiExternalSandboxEndpoint);
  return (
    type === 'WEBSUB' ||
    details.endpointImplementationType !== 'ENDPOINT' ||
    hasEndpoint(details.endpointConfig) ||
    details.primaryProductionEndpointId !== null ||
    details.primarySandboxEndpointId !== null
  );
};
