import { Body, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery } from '@nestjs/swagger';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { decodedName } from '../../platform/http/encoded-name.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { queryText } from '../../platform/http/query-text.js';
import { Scopes } from '../../platform/http/scopes.js';
import { TenantConfigs } from '../tenant-config/tenant-configs.js';
import { mappedAliases, mappedScopes } from './mapping-rules.js';
import { AdminScopeListDto, type AdminScopeSettingsDto, RoleAliasListDto } from './system-scopes.dto.js';
import { toRoleAliasList, toScopeList } from './system-scopes.mapper.js';
import { ScopeUnknown } from './system-scopes.problems.js';
import { SystemScopes } from './system-scopes.service.js';

/** Which roles open which scopes of the management APIs; both maps are part of the tenant configuration. */
@AdminController('system-scopes', 'System Scopes')
@Scopes('apim:admin', 'apim:scope_manage')
export class SystemScopesAdminController {
  constructor(
    private readonly configs: TenantConfigs,
    private readonly scopes: SystemScopes,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'systemScopesGet' })
  async systemScopesGet(@Caller() { organization }: User): Promise<AdminScopeListDto> {
    return toScopeList(await this.configs.whole(organization));
  }

  @Put()
  @ApiOperation({ operationId: 'updateRolesForScope' })
  async updateRolesForScope(
    @Caller() { organization }: User,
    @Body() { list }: AdminScopeListDto,
    @IfMatch() precondition: Precondition,
  ): Promise<AdminScopeListDto> {
    const keys = { RESTAPIScopes: { Scope: mappedScopes(list) } };
    return toScopeList(await this.configs.amend(organization, keys, (current) => precondition(toScopeList(current))));
  }

  @Get('role-aliases')
  async getRoleAliases(@Caller() { organization }: User): Promise<RoleAliasListDto> {
    return toRoleAliasList(await this.configs.whole(organization));
  }

  @Put('role-aliases')
  async updateRoleAliases(
    @Caller() { organization }: User,
    @Body() { list }: RoleAliasListDto,
    @IfMatch() precondition: Precondition,
  ): Promise<RoleAliasListDto> {
    const keys = { RoleMappings: mappedAliases(list) };
    return toRoleAliasList(await this.configs.amend(organization, keys, (current) => precondition(toRoleAliasList(current))));
  }

  /** Whether the scope exists and, where a user is named, whether that user may have it. */
  @Get(':scopeName')
  @ApiOperation({ operationId: 'systemScopesScopeNameGet' })
  @ApiQuery({ name: 'username', required: false, type: String })
  async systemScopesScopeNameGet(
    @Caller() { organization }: User,
    @Param('scopeName') encoded: string,
    @Query('username') username: unknown,
  ): Promise<AdminScopeSettingsDto> {
    const name = found(decodedName(encoded), ScopeUnknown);
    const userName = queryText(username);
    await (userName ? this.scopes.expectOf(organization, userName, name) : this.scopes.expect(organization, name));
    return { name };
  }
}
