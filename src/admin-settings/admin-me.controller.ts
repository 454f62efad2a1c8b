import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import { AdminOrganizationInfoDto } from './admin-me.dto.js';

@AdminController('me', 'Users')
export class AdminMeController {
  /** The caller's consumer organization. This server keeps none, so nobody belongs to one and both fields are empty. */
  @Get('organization-information')
  @Scopes('apim:admin', 'apim:admin_settings')
  @ApiOperation({ operationId: 'organizationInformation' })
  organizationInformation(): AdminOrganizationInfoDto {
    return { organizationId: '', name: '' };
  }
}
