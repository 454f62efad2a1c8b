import { Get, Head, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { hasRole, type User } from '../../domain/user.js';
import { ConsumerOrganizationsService } from '../../identity/consumer-organizations/consumer-organizations.service.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { decodedName } from '../../platform/http/encoded-name.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { PublisherOrganizationInfoDto } from './publisher-me.dto.js';

@PublisherController('me')
export class PublisherMeController {
  constructor(private readonly organizations: ConsumerOrganizationsService) {}

  /** Whether the caller holds the role whose name is given in base64url. */
  @Head('roles/:roleId')
  @ApiTags('Roles')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'validateUserRole' })
  validateUserRole(@Caller() caller: User, @Param('roleId') encoded: string): Reply {
    const name = decodedName(encoded);
    return new Reply(name !== undefined && hasRole(caller, name) ? 200 : 404);
  }

  /** The caller's consumer organization; both fields are empty for a caller who has none. */
  @Get('organization-information')
  @ApiTags('Users')
  @Scopes('apim:api_create', 'apim:api_manage', 'apim:api_publish')
  @ApiOperation({ operationId: 'organizationInformation' })
  organizationInformation(@Caller() caller: User): Promise<PublisherOrganizationInfoDto> {
    return this.organizations.informationOf(caller);
  }
}
