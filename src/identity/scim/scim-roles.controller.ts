import { Body, Delete, Get, Injectable, Param, Patch, Post, Put, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Reply } from '../../platform/http/reply.js';
import { Needs, tenantOf } from '../identity.guard.js';
import { GROUPS, ROLES, ROLES_V2, type RoleFace } from './role-resource.js';
import { createdResource, ScimEndpoint } from './scim-endpoint.js';
import { listRequestOf, listResponse, project, projectionOf, type Resource, searchRequestOf } from './scim-lists.js';
import { ScimRolesService } from './scim-roles.service.js';

type Parameters = Readonly<Record<string, unknown>>;

/** The operations that groups and both versions of roles have in common. */
@Injectable()
export abstract class RolesController {
  protected abstract readonly face: RoleFace;

  constructor(protected readonly roles: ScimRolesService) {}

  @Get()
  @Needs('internal_role_mgt_view')
  async list(@Req() request: Request, @Query() query: Parameters): Promise<Resource> {
    const list = listRequestOf(query);
    return listResponse(await this.roles.list(this.face, tenantOf(request), list), list);
  }

  @Post()
  @Needs('internal_role_mgt_create')
  async create(@Req() request: Request, @Body() body: unknown): Promise<Reply> {
    return createdResource(await this.roles.create(this.face, tenantOf(request), body));
  }

  @Post('.search')
  @Needs('internal_role_mgt_view')
  async search(@Req() request: Request, @Body() body: unknown): Promise<Resource> {
    const list = searchRequestOf(body);
    return listResponse(await this.roles.list(this.face, tenantOf(request), list), list);
  }

  @Get(':id')
  @Needs('internal_role_mgt_view')
  async get(@Req() request: Request, @Param('id') id: string, @Query() query: Parameters): Promise<Resource> {
    return project(await this.roles.get(this.face, tenantOf(request), id), projectionOf(query));
  }

  @Put(':id')
  @Needs('internal_role_mgt_update')
  replace(@Req() request: Request, @Param('id') id: string, @Body() body: unknown): Promise<Resource> {
    return this.roles.replace(this.face, tenantOf(request), id, body);
  }

  @Patch(':id')
  @Needs('internal_role_mgt_update')
  patch(@Req() request: Request, @Param('id') id: string, @Body() body: unknown): Promise<Resource> {
    return this.roles.patch(this.face, tenantOf(request), id, body);
  }

  @Delete(':id')
  @Needs('internal_role_mgt_delete')
  async remove(@Req() request: Request, @Param('id') id: string): Promise<Reply> {
    await this.roles.remove(this.face, tenantOf(request), id);
    return new Reply(204);
  }
}

/** `/scim2/Groups`: the roles of the user store. */
@ScimEndpoint('Groups')
export class ScimGroupsController extends RolesController {
  protected readonly face = GROUPS;
}

/** `/scim2/Roles`. */
@ScimEndpoint('Roles')
export class ScimRolesController extends RolesController {
  protected readonly face = ROLES;
}

/** `/scim2/v2/Roles`, the form with an audience; users' `roles` point here. */
@ScimEndpoint('v2/Roles')
export class ScimRolesV2Controller extends RolesController {
  protected readonly face = ROLES_V2;
}
