import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { toPublisherInfo } from './key-managers.mapper.js';
import { KeyManagerListDto } from './key-managers.publisher.dto.js';
import { KeyManagersService } from './key-managers.service.js';

@PublisherController('key-managers', 'Key Managers (Collection)')
export class KeyManagersPublisherController {
  constructor(private readonly managers: KeyManagersService) {}

  @Get()
  @Scopes('apim:api_view', 'apim:api_create', 'apim:api_manage', 'apim:mcp_server_view', 'apim:mcp_server_create', 'apim:mcp_server_manage')
  @ApiOperation({ operationId: 'getAllKeyManagers' })
  async getAllKeyManagers(@Caller() caller: User): Promise<KeyManagerListDto> {
    const list = (await this.managers.list(caller.organization)).map(toPublisherInfo);
    return { count: list.length, list };
  }
}
