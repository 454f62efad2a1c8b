import { Get } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Guests } from '../identity/tenant-config/guests.js';
import { MaybeCaller, Tenant } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { Anonymous } from '../platform/http/scopes.js';
import type { APICategoryListDto } from './categories.dto.js';
import { toCategoryList } from './categories.mapper.js';
import { CategoriesService } from './categories.service.js';

@DevportalController('api-categories', 'API Categories')
export class CategoriesDevportalController {
  constructor(
    private readonly categories: CategoriesService,
    private readonly guests: Guests,
  ) {}

  @Get()
  @Anonymous()
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async list(@Tenant() organization: string, @MaybeCaller() caller: User | undefined): Promise<APICategoryListDto> {
    await this.guests.admit(organization, caller);
    return toCategoryList(await this.categories.list(organization));
  }
}
