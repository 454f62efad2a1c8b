import { Body, Delete, Get, Head, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { decodedName } from '../../platform/http/encoded-name.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { created, Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ScopeDto } from '../dto/api-operations.dto.js';
import { ScopeListDto, SharedScopeUsageDto } from './shared-scopes.dto.js';
import { toScopeDto, toUsageDto } from './shared-scopes.mapper.js';
import { SharedScopesQueries } from './shared-scopes.queries.js';
import { SharedScopesService } from './shared-scopes.service.js';

const READ = ['apim:api_view', 'apim:mcp_server_view', 'apim:shared_scope_manage'] as const;

@PublisherController('scopes', 'Scopes')
export class SharedScopesPublisherController {
  constructor(
    private readonly scopes: SharedScopesService,
    private readonly queries: SharedScopesQueries,
  ) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getSharedScopes' })
  @Paged()
  async getSharedScopes(@Caller() caller: User, @Page() window: PageQuery): Promise<ScopeListDto> {
    const { items, total } = await this.queries.list(caller.organization, window);
    const answer = page(items.map(toScopeDto), total, window);
    return { ...answer, list: [...answer.list] };
  }

  @Post()
  @Scopes('apim:shared_scope_manage')
  @ApiOperation({ operationId: 'addSharedScope' })
  @ApiCreatedResponse({ type: ScopeDto })
  async addSharedScope(@Caller() caller: User, @Body() body: ScopeDto): Promise<Reply<ScopeDto>> {
    const scope = toScopeDto(await this.scopes.create(caller, body));
    return created(`/scopes/${scope.id}`, scope);
  }

  // Before GET, which would answer HEAD too.
  @Head(':scopeId')
  @Scopes(
    'apim:api_create',
    'apim:api_publish',
    'apim:api_manage',
    'apim:mcp_server_create',
    'apim:mcp_server_publish',
    'apim:mcp_server_manage',
    'apim:shared_scope_manage',
  )
  @ApiOperation({ operationId: 'validateScope' })
  async validateScope(@Caller() caller: User, @Param('scopeId') encoded: string): Promise<Reply> {
    const name = decodedName(encoded);
    return new Reply(name !== undefined && (await this.scopes.isTaken(caller.organization, name)) ? 200 : 404);
  }

  @Get(':scopeId')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getSharedScope' })
  async getSharedScope(@Caller() caller: User, @Param('scopeId') id: string): Promise<ScopeDto> {
    return toScopeDto(await this.scopes.get(caller, id));
  }

  @Put(':scopeId')
  @Scopes('apim:shared_scope_manage')
  @ApiOperation({ operationId: 'updateSharedScope' })
  async updateSharedScope(
    @Caller() caller: User,
    @Param('scopeId') id: string,
    @Body() body: ScopeDto,
    @IfMatch() unchanged: Precondition,
  ): Promise<ScopeDto> {
    return toScopeDto(await this.scopes.update(caller, id, body, (current) => unchanged(toScopeDto(current))));
  }

  @Delete(':scopeId')
  @Scopes('apim:shared_scope_manage')
  @ApiOperation({ operationId: 'deleteSharedScope' })
  async deleteSharedScope(@Caller() caller: User, @Param('scopeId') id: string, @IfMatch() unchanged: Precondition): Promise<void> {
    await this.scopes.remove(caller, id, (current) => unchanged(toScopeDto(current)));
  }

  @Get(':scopeId/usage')
  @Scopes('apim:api_view', 'apim:api_manage', 'apim:shared_scope_manage')
  @ApiOperation({ operationId: 'getSharedScopeUsages' })
  async getSharedScopeUsages(@Caller() caller: User, @Param('scopeId') id: string): Promise<SharedScopeUsageDto> {
    const { scope, uses } = await this.scopes.usage(caller, id);
    return toUsageDto(scope, uses);
  }
}
