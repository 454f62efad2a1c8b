import { shownName } from '../domain/organization.js';
import { found } from '../domain/problem.js';
import type { IssuedKey, KeyRequest } from './api-key-rows.js';
import type { AdminAPIKeyDto } from './api-keys.admin.dto.js';
import {
  type APIAPIKeyInfoDto,
  type APIKeyAssociationInfoDto,
  type APIKeyGenerateRequestDto,
  type APIKeyInfoDto,
  type APIWithKeyInfoDto,
  type IssuedAPIKeyDto,
  KEY_TYPES,
} from './api-keys.dto.js';
import { KeyNameMissing, KeyTypeInvalid } from './api-keys.problems.js';
import type { ListedKey } from './api-keys.queries.js';
import { restrictionsOf } from './key-restrictions.js';

const NEVER = -1;

/** The `keyType` of a path or a body. @throws KeyTypeInvalid (400). */
export const keyTypeOf = (text: string | undefined): (typeof KEY_TYPES)[number] => {
  const known = KEY_TYPES.find((keyType) => keyType === text);
  if (known === undefined) throw KeyTypeInvalid();
  return known;
};

/** @throws KeyNameMissing, KeyTypeInvalid (400), and what {@link restrictionsOf} throws. */
export const fromGenerateRequest = (body: APIKeyGenerateRequestDto, keyType: string | undefined): KeyRequest => ({
  name: found(body.keyName, KeyNameMissing),
  keyType: keyTypeOf(keyType),
  validitySeconds: body.validityPeriod && body.validityPeriod > 0 ? body.validityPeriod : NEVER,
  restrictions: restrictionsOf(body.additionalProperties),
});

export const toIssuedAPIKeyDto = ({ key, value }: IssuedKey): IssuedAPIKeyDto => ({
  keyName: key.name,
  apikey: value,
  validityPeriod: key.validitySeconds,
});

export const toAPIKeyInfoDto = ({ id, name, issuedAt, validitySeconds, lastUsedAt }: ListedKey): APIKeyInfoDto => ({
  keyUUID: id,
  keyName: name,
  issuedOn: Math.round(issuedAt),
  validityPeriod: validitySeconds,
  ...(lastUsedAt !== null && { lastUsed: Math.round(lastUsedAt) }),
});

export const toAPIAPIKeyInfoDto = (key: ListedKey): APIAPIKeyInfoDto => ({
  ...toAPIKeyInfoDto(key),
  ...(key.applicationName !== null && { associatedApp: key.applicationName }),
});

export const toAPIKeyAssociationInfoDto = (key: ListedKey): APIKeyAssociationInfoDto => ({
  ...toAPIKeyInfoDto(key),
  apiName: key.apiName ?? '',
  apiUUID: key.apiId ?? '',
});

export const toAPIWithKeyInfoDto = ({ id, name, apiName, apiId }: ListedKey): APIWithKeyInfoDto => ({
  keyName: name,
  keyUUID: id,
  apiName: apiName ?? '',
  apiUUID: apiId ?? '',
});

export const toAdminAPIKeyDto = (key: ListedKey): AdminAPIKeyDto => ({
  keyUUID: key.id,
  keyName: key.name,
  ...(key.apiName !== null && { apiName: key.apiName }),
  ...(key.applicationName !== null && { applicationName: key.applicationName }),
  keyType: key.keyType,
  user: shownName({ name: key.owner, organization: key.organization }),
  issuedOn: Math.round(key.issuedAt),
  validityPeriod: key.validitySeconds,
  lastUsed: key.lastUsedAt === null ? null : Math.round(key.lastUsedAt),
});
