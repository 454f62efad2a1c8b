import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { created, type Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { AdminAPICategoryDto, AdminAPICategoryListDto } from './categories.dto.js';
import { toAdminCategory } from './categories.mapper.js';
import { CategoriesService, type CountedCategory } from './categories.service.js';
import { categoryOf } from './category-rules.js';

const SCOPES = ['apim:admin', 'apim:admin_operations', 'apim:api_category'] as const;

@AdminController('api-categories')
export class CategoriesAdminController {
  constructor(private readonly categories: CategoriesService) {}

  @Get()
  @ApiTags('API Category (Collection)')
  @Scopes(...SCOPES)
  async list(@Caller() caller: User): Promise<AdminAPICategoryListDto> {
    const list = (await this.categories.counted(caller.organization)).map(toAdminCategory);
    return { count: list.length, list };
  }

  @Post()
  @ApiTags('API Category (Individual)')
  @Scopes(...SCOPES)
  @ApiCreatedResponse({ type: AdminAPICategoryDto })
  async create(@Caller() caller: User, @Body() body: AdminAPICategoryDto): Promise<Reply<AdminAPICategoryDto>> {
    const category = await this.categories.create(caller.organization, categoryOf(body));
    return created(`/api-categories/${category.id}`, toAdminCategory(category));
  }

  @Put(':apiCategoryId')
  @ApiTags('API Category (Individual)')
  @Scopes(...SCOPES)
  async update(
    @Caller() caller: User,
    @Param('apiCategoryId') id: string,
    @Body() body: AdminAPICategoryDto,
    @IfMatch() precondition: Precondition,
  ): Promise<AdminAPICategoryDto> {
    return toAdminCategory(await this.categories.update(caller.organization, id, categoryOf(body), asShown(precondition)));
  }

  @Delete(':apiCategoryId')
  @ApiTags('API Category (Individual)')
  @Scopes(...SCOPES)
  async remove(@Caller() caller: User, @Param('apiCategoryId') id: string, @IfMatch() precondition: Precondition): Promise<void> {
    await this.categories.remove(caller.organization, id, asShown(precondition));
  }
}

const asShown = (precondition: Precondition) => (current: CountedCategory) => precondition(toAdminCategory(current));
