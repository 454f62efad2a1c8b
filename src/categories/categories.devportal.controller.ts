import { Get } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { Tenant } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { Anonymous } from '../platform/http/scopes.js';
import type { APICategoryListDto } from './categories.dto.js';
import { toCategoryList } from './categories.mapper.js';
import { CategoriesService } from './categories.service.js';

@DevportalController('api-categories', 'API Categories')
export class CategoriesDevportalController {
  constructor(private readonly categories: CategoriesService) {}

  @Get()
  @Anonymous()
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async list(@Tenant() organization: string): Promise<APICategoryListDto> {
    return toCategoryList(await this.categories.list(organization));
  }
}
