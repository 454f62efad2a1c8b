import type { Application } from '../../domain/application.js';
import { GLOBAL_ORGANIZATION } from '../../domain/organization.js';
import type { AdminKeyManagerInfoDto } from '../../keys/managers/admin/key-managers.admin.dto.js';
import { type ApplicationSurroundings, ownerOf } from '../applications.mapper.js';
import type { AdminApplicationDto, AdminApplicationInfoDto } from './administered-applications.dto.js';
import type { AdministeredApplication, UsedKeyManager } from './administered-applications.queries.js';

export const toAdminApplicationInfoDto = (application: AdministeredApplication): AdminApplicationInfoDto => ({
  applicationId: application.id,
  name: application.name,
  owner: ownerOf(application),
  tokenType: application.tokenType,
  createdTime: String(application.createdAt.getTime()),
  keyManagers: application.keyManagers.map(toKeyManagerDto),
  status: application.status,
  groupId: application.groups.join(','),
});

export const toAdminApplicationDto = (
  application: Application,
  { subscriptionCount, subscriptionScopes }: Pick<ApplicationSurroundings, 'subscriptionCount' | 'subscriptionScopes'>,
): AdminApplicationDto => ({
  applicationId: application.id,
  name: application.name,
  throttlingPolicy: application.throttlingPolicy,
  description: application.description,
  tokenType: application.tokenType,
  status: application.status,
  groups: [...application.groups],
  subscriptionCount,
  attributes: application.attributes,
  subscriptionScopes: [...subscriptionScopes],
  owner: ownerOf(application),
});

const toKeyManagerDto = ({ organization, ...keyManager }: UsedKeyManager): AdminKeyManagerInfoDto => ({
  id: keyManager.id,
  name: keyManager.name,
  type: keyManager.type,
  description: keyManager.description,
  enabled: keyManager.enabled,
  isGlobal: organization === GLOBAL_ORGANIZATION,
  isUsed: true,
  tokenType: keyManager.tokenType,
});
