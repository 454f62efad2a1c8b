import { Body, Get, Param, Put, Query } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevopsController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { LoggingApiInputDto, LoggingApiOutputDto, LoggingApiOutputListDto } from './api-logs.dto.js';
import type { LoggedApi } from './api-logs.queries.js';
import { ApiLogsService } from './api-logs.service.js';

/** What the gateways write of the calls to single APIs (`reference/operations.md` §7). */
@DevopsController('tenant-logs/:tenant/apis')
@Scopes('apim:admin')
export class ApiLogsDevopsController {
  constructor(private readonly logs: ApiLogsService) {}

  @Get()
  @ApiQuery({ name: 'log-level', required: false, type: String })
  async list(
    @Caller() caller: User,
    @Param('tenant') tenant: string,
    @Query('log-level') level: string | readonly string[] | undefined,
  ): Promise<LoggingApiOutputListDto> {
    // A repeated parameter arrives as a list; the first counts.
    const [first] = [level].flat();
    return toList(await this.logs.list(caller, tenant, first));
  }

  @Get(':apiId')
  async get(@Caller() caller: User, @Param('tenant') tenant: string, @Param('apiId') apiId: string): Promise<LoggingApiOutputListDto> {
    return toList(await this.logs.get(caller, tenant, apiId));
  }

  @Put(':apiId')
  async set(
    @Caller() caller: User,
    @Param('tenant') tenant: string,
    @Param('apiId') apiId: string,
    @Body() { logLevel, resourceMethod, resourcePath }: LoggingApiInputDto,
  ): Promise<LoggingApiOutputListDto> {
    return toList([await this.logs.set(caller, tenant, apiId, { level: logLevel, method: resourceMethod, path: resourcePath })]);
  }
}

const toList = (apis: readonly LoggedApi[]): LoggingApiOutputListDto => ({ apis: apis.map(toOutput) });

const toOutput = ({ apiId, context, level, method, target }: LoggedApi): LoggingApiOutputDto => ({
  context,
  logLevel: level,
  apiId,
  resourceMethod: method || null,
  resourcePath: target || null,
});
