import { Get } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import type { OrganizationListDto } from './consumer-organizations.dto.js';
import { toOrganizationDto } from './consumer-organizations.mapper.js';
import { ConsumerOrganizationsService } from './consumer-organizations.service.js';

@PublisherController('organizations', 'Organizations')
export class ConsumerOrganizationsPublisherController {
  constructor(private readonly organizations: ConsumerOrganizationsService) {}

  @Get()
  @Scopes(
    'apim:api_view',
    'apim:api_manage',
    'apim:api_import_export',
    'apim:api_product_import_export',
    'apim:publisher_organization_read',
  )
  async list(@Caller() caller: User): Promise<OrganizationListDto> {
    const list = (await this.organizations.list(caller.organization)).map(toOrganizationDto);
    return { count: list.length, list };
  }
}
