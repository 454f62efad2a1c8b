import { Get, Param } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ApisForChange } from '../apis-for-change.js';
import type { MCPServerMetadataListDto } from './mcp-usage.dto.js';

@PublisherController('apis', 'APIs')
export class McpUsagePublisherController {
  constructor(private readonly apis: ApisForChange) {}

  /** The MCP servers made from an API. No server is ever made, so an API that exists has none. */
  @Get(':apiId/mcp-servers-usage')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getMCPServerUsage' })
  async getMCPServerUsage(@Param('apiId') apiId: string, @Caller() caller: User): Promise<MCPServerMetadataListDto> {
    await this.apis.read(caller, apiRef(apiId));
    return { count: 0, list: [] };
  }
}
