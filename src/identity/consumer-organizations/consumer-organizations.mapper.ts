import type { ConsumerOrganizationEntity } from './consumer-organization.entity.js';
import type { AdminOrganizationDto, OrganizationDto } from './consumer-organizations.dto.js';
import type { ConsumerOrganizationContent } from './consumer-organizations.service.js';

/** The same for administrators and publishers. */
export const toOrganizationDto = (entry: ConsumerOrganizationEntity): OrganizationDto => ({
  organizationId: entry.id,
  externalOrganizationId: entry.externalId,
  parentOrganizationId: entry.parentId,
  displayName: entry.displayName,
  description: entry.description,
});

export const fromOrganizationDto = (dto: AdminOrganizationDto): ConsumerOrganizationContent => ({
  externalId: dto.externalOrganizationId,
  displayName: dto.displayName ?? dto.externalOrganizationId,
  description: dto.description ?? '',
});
