import { Head, Param } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { RolesService } from '../identity/roles/roles.service.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { decodedName } from '../platform/http/encoded-name.js';
import { Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';

@AdminController('roles', 'Roles')
export class AdminRolesController {
  constructor(private readonly roles: RolesService) {}

  /** Whether the tenant has the role whose name is given in base64url. */
  @Head(':roleId')
  @Scopes('apim:admin', 'apim:role_manage')
  @ApiOperation({ operationId: 'validateSystemRole' })
  async validateSystemRole(@Caller() caller: User, @Param('roleId') encoded: string): Promise<Reply> {
    const name = decodedName(encoded);
    return new Reply(name !== undefined && (await this.roles.byName(caller.organization, name)) ? 200 : 404);
  }
}
