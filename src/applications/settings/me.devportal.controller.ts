import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { DevportalController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { DevportalOrganizationInfoDto } from './settings.dto.js';

@DevportalController('me', 'Users')
export class MeDevportalController {
  /** The caller's consumer organization. This server keeps none, so nobody belongs to one and both fields are empty. */
  @Get('organization-information')
  @Scopes('apim:subscribe')
  @ApiOperation({ operationId: 'organizationInformation' })
  organizationInformation(): DevportalOrganizationInfoDto {
    return { organizationId: '', name: '' };
  }
}
