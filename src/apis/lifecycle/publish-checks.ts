import { type Api, PRODUCT_TYPE } from '../../domain/api.js';
import type { CustomPropertyConfig } from '../../platform/config/sections/apim.config.js';
import { missingProperties, RequiredPropertiesMissingToPublish } from '../custom-properties/required-properties.js';
import { hasEndpoint } from '../revisions/backend-document.js';
import { EndpointMissing, TiersMissing } from './lifecycle.problems.js';

/** What stands between an API and its publication (`reference/publisher.md` §4). @throws EndpointMissing (903223), TiersMissing (903224), RequiredPropertiesMissingToPublish (903015). */
export const refuseUnpublishable = (
  api: Pick<Api, 'id' | 'type' | 'policies' | 'details'>,
  customProperties: readonly CustomPropertyConfig[],
): void => {
  if (!leadsSomewhere(api)) throw EndpointMissing(api.id);
  if (api.details.securityScheme.includes('oauth2') && api.policies.length === 0) throw TiersMissing(api.id);
  if (missingProperties(customProperties, api.details.additionalProperties).length > 0) throw RequiredPropertiesMissingToPublish();
};

/** A backend is named, or none is needed: callbacks come in from outside, mocks answer themselves, advertised APIs are called elsewhere, products lead to their members. */
const leadsSomewhere = ({ type, details }: Pick<Api, 'type' | 'details'>): boolean => {
  const { advertiseInfo } = details;
  if (advertiseInfo.advertised) return Boolean(advertiseInfo.apiExternalProductionEndpoint || advertiseInfo.apiExternalSandboxEndpoint);
  return (
    type === 'WEBSUB' ||
    type === PRODUCT_TYPE ||
    details.endpointImplementationType !== 'ENDPOINT' ||
    hasEndpoint(details.endpointConfig) ||
    details.primaryProductionEndpointId !== null ||
    details.primarySandboxEndpointId !== null
  );
};
