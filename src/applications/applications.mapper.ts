import type { ScopeInfoDto } from '../apis/portal/portal-apis.dto.js';
import type { ApiScope } from '../domain/api.js';
import type { Application } from '../domain/application.js';
import type { ApplicationDocument } from '../domain/gateway-documents.js';
import { shownName } from '../domain/organization.js';
import type { ApplicationContent } from './application-checks.js';
import type { ApplicationDto, DevportalApplicationInfoDto } from './applications.dto.js';
import { DisallowedValues } from './applications.problems.js';

import type { ApplicationKeyDto } from './keys/application-keys.dto.js';

/** What an application's page shows beside the application itself. */
export interface ApplicationSurroundings {
  readonly subscriptionCount: number;
  readonly keys: readonly ApplicationKeyDto[];
  readonly subscriptionScopes: readonly ScopeInfoDto[];
  /** Whether the secrets of its keys are kept as hashes alone. */
  readonly hashEnabled: boolean;
}

export const ownerOf = ({ owner, organization }: Pick<Application, 'owner' | 'organization'>): string =>
  shownName({ name: owner, organization });

export const toScopeInfoDto = ({ name, displayName, bindings, description }: ApiScope): ScopeInfoDto => ({
  key: name,
  name: displayName,
  roles: [...bindings],
  description,
});

export const toApplicationDto = (application: Application, around: ApplicationSurroundings): ApplicationDto => ({
  applicationId: application.id,
  name: application.name,
  throttlingPolicy: application.throttlingPolicy,
  description: application.description,
  tokenType: application.tokenType,
  status: application.status,
  groups: [...application.groups],
  subscriptionCount: around.subscriptionCount,
  keys: [...around.keys],
  attributes: application.attributes,
  subscriptionScopes: [...around.subscriptionScopes],
  owner: ownerOf(application),
  hashEnabled: around.hashEnabled,
  createdTime: String(application.createdAt.getTime()),
  updatedTime: String(application.updatedAt.getTime()),
  visibility: application.visibility,
});

export const toApplicationInfoDto = (application: Application, subscriptionCount: number): DevportalApplicationInfoDto => ({
  applicationId: application.id,
  name: application.name,
  throttlingPolicy: application.throttlingPolicy,
  description: application.description,
  status: application.status,
  groups: [...application.groups],
  subscriptionCount,
  attributes: application.attributes,
  owner: ownerOf(application),
  tokenType: application.tokenType,
  createdTime: String(application.createdAt.getTime()),
  updatedTime: String(application.updatedAt.getTime()),
});

/** What the gateway knows of an application. */
export const toApplicationDocument = (application: Application): ApplicationDocument => ({
  uuid: application.id,
  id: application.number,
  name: application.name,
  owner: ownerOf(application),
  policy: application.throttlingPolicy,
  organization: application.organization,
  ...(Object.keys(application.attributes).length > 0 && { attributes: application.attributes }),
  ...(Object.keys(application.quotaResets).length > 0 && { resets: application.quotaResets }),
});

/** A property that is null says no more than one left out. The token type is always JWT, whatever was sent. */
export const fromApplicationDto = (dto: ApplicationDto): ApplicationContent => {
  const attributes = dto.attributes ?? {};
  if (!Object.values(attributes).every((value) => typeof value === 'string')) throw DisallowedValues();
  return {
    name: dto.name,
    throttlingPolicy: dto.throttlingPolicy,
    description: dto.description ?? '',
    visibility: dto.visibility ?? 'PRIVATE',
    attributes,
    groups: dto.groups ?? undefined,
  };
};
