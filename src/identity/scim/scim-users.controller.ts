import { Body, Delete, Get, Param, Patch, Post, Put, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { Reply } from '../../platform/http/reply.js';
import { ANY_USER, Needs, tenantOf } from '../identity.guard.js';
import { createdResource, ScimEndpoint } from './scim-endpoint.js';
import { listRequestOf, listResponse, project, projectionOf, type Resource, searchRequestOf } from './scim-lists.js';
import { ScimUsersService } from './scim-users.service.js';

type Parameters = Readonly<Record<string, unknown>>;

/** `/scim2/Users`. */
@ScimEndpoint('Users')
export class ScimUsersController {
  constructor(private readonly users: ScimUsersService) {}

  @Get()
  @Needs('internal_user_mgt_list')
  async list(@Req() request: Request, @Query() query: Parameters): Promise<Resource> {
    const list = listRequestOf(query);
    return listResponse(await this.users.list(tenantOf(request), list), list);
  }

  @Post()
  @Needs('internal_user_mgt_create')
  async create(@Req() request: Request, @Body() body: unknown): Promise<Reply> {
    return createdResource(await this.users.create(tenantOf(request), body));
  }

  @Post('.search')
  @Needs('internal_user_mgt_list')
  async search(@Req() request: Request, @Body() body: unknown): Promise<Resource> {
    const list = searchRequestOf(body);
    return listResponse(await this.users.list(tenantOf(request), list), list);
  }

  @Get(':id')
  @Needs('internal_user_mgt_view')
  async get(@Req() request: Request, @Param('id') id: string, @Query() query: Parameters): Promise<Resource> {
    return project(await this.users.get(tenantOf(request), id), projectionOf(query));
  }

  @Put(':id')
  @Needs('internal_user_mgt_update')
  replace(@Req() request: Request, @Param('id') id: string, @Body() body: unknown): Promise<Resource> {
    return this.users.replace(tenantOf(request), id, body);
  }

  @Patch(':id')
  @Needs('internal_user_mgt_update')
  patch(@Req() request: Request, @Param('id') id: string, @Body() body: unknown): Promise<Resource> {
    return this.users.patch(tenantOf(request), id, body);
  }

  @Delete(':id')
  @Needs('internal_user_mgt_delete')
  async remove(@Req() request: Request, @Param('id') id: string): Promise<Reply> {
    await this.users.remove(tenantOf(request), id);
    return new Reply(204);
  }
}

/** `/scim2/Me`: the caller's own account. */
@ScimEndpoint('Me')
export class ScimMeController {
  constructor(private readonly users: ScimUsersService) {}

  @Get()
  @Needs(ANY_USER)
  async get(@Caller() caller: User, @Query() query: Parameters): Promise<Resource> {
    return project(await this.users.get(caller.organization, caller.id), projectionOf(query));
  }

  @Patch()
  @Needs(ANY_USER)
  patch(@Caller() caller: User, @Body() body: unknown): Promise<Resource> {
    return this.users.patchOwn(caller.organization, caller.id, body);
  }
}
