import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { PublisherController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import type { APICategoryListDto } from './categories.dto.js';
import { toCategoryList } from './categories.mapper.js';
import { CategoriesService } from './categories.service.js';

@PublisherController('api-categories', 'API Category (Collection)')
export class CategoriesPublisherController {
  constructor(private readonly categories: CategoriesService) {}

  @Get()
  @Scopes('apim:api_view', 'apim:api_manage', 'apim:mcp_server_view', 'apim:mcp_server_manage')
  @ApiOperation({ operationId: 'getAllAPICategories' })
  async getAllAPICategories(@Caller() caller: User): Promise<APICategoryListDto> {
    return toCategoryList(await this.categories.list(caller.organization));
  }
}
