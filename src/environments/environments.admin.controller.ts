import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { created, type Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import type { Environment } from './environment.js';
import { EnvironmentDto, EnvironmentListDto, GatewayInstanceListDto } from './environments.dto.js';
import { fromEnvironmentDto, toEnvironmentDto, toGatewayInstanceDto } from './environments.mapper.js';
import { EnvironmentsService } from './environments.service.js';
import { GatewayInstancesQueries } from './gateway-instances.queries.js';

@AdminController('environments', 'Environments')
export class EnvironmentsAdminController {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly instances: GatewayInstancesQueries,
    private readonly config: ApimConfig,
  ) {}

  @Get()
  @Scopes('apim:admin', 'apim:environment_read')
  async list(@Caller() caller: User): Promise<EnvironmentListDto> {
    const list = (await this.environments.list(caller.organization)).map((environment) => this.shown(environment));
    return { count: list.length, list };
  }

  @Post()
  @ApiCreatedResponse({ type: EnvironmentDto })
  @Scopes('apim:admin', 'apim:environment_manage')
  async create(@Caller() caller: User, @Body() body: EnvironmentDto): Promise<Reply<EnvironmentDto>> {
    const environment = await this.environments.create(caller.organization, fromEnvironmentDto(body));
    return created(`/environments/${environment.id}`, this.shown(environment));
  }

  @Get(':environmentId')
  @Scopes('apim:admin', 'apim:environment_manage')
  async get(@Caller() caller: User, @Param('environmentId') id: string): Promise<EnvironmentDto> {
    return this.shown(await this.environments.get(caller.organization, id));
  }

  @Get(':environmentId/gateways')
  @Scopes('apim:admin', 'apim:environment_read')
  async gateways(@Caller() caller: User, @Param('environmentId') id: string): Promise<GatewayInstanceListDto> {
    const { name } = await this.environments.get(caller.organization, id);
    const list = (await this.instances.of(caller.organization, name)).map(toGatewayInstanceDto);
    return { count: list.length, list };
  }

  @Put(':environmentId')
  @Scopes('apim:admin', 'apim:environment_manage')
  async update(
    @Caller() caller: User,
    @Param('environmentId') id: string,
    @Body() body: EnvironmentDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<EnvironmentDto> {
    const expects = (current: Environment) => ifMatch(this.shown(current));
    return this.shown(await this.environments.update(caller.organization, id, fromEnvironmentDto(body), expects));
  }

  @Delete(':environmentId')
  @Scopes('apim:admin', 'apim:environment_manage')
  async remove(@Caller() caller: User, @Param('environmentId') id: string): Promise<void> {
    await this.environments.remove(caller.organization, id);
  }

  private shown(environment: Environment): EnvironmentDto {
    return toEnvironmentDto(environment, this.config.platformGateway.versions);
  }
}
