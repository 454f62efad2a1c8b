import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { ConsumerOrganizationsService } from '../../identity/consumer-organizations/consumer-organizations.service.js';
import { Caller } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { DevportalOrganizationInfoDto } from './settings.dto.js';

@DevportalController('me', 'Users')
export class MeDevportalController {
  constructor(private readonly organizations: ConsumerOrganizationsService) {}

  /** The caller's consumer organization; both fields are empty for a caller who has none. */
  @Get('organization-information')
  @Scopes('apim:subscribe')
  @ApiOperation({ operationId: 'organizationInformation' })
  organizationInformation(@Caller() caller: User): Promise<DevportalOrganizationInfoDto> {
    return this.organizations.informationOf(caller);
  }
}
