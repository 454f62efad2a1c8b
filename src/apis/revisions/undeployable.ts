import { type Api, isAdvertised } from '../../domain/api.js';
import { DeployingRetiredApi, DeployingThirdPartyApi } from './revisions.problems.js';

/** @throws DeployingRetiredApi (903227), DeployingThirdPartyApi (903226): no gateway serves such an API, whatever revisions it has. */
export const refuseUndeployable = (api: Pick<Api, 'id' | 'status' | 'details'>): void => {
  if (api.status === 'RETIRED') throw DeployingRetiredApi(api.id);
  if (isAdvertised(api)) throw DeployingThirdPartyApi(api.id);
};
