import { Body, Get, Put } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevopsController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { CorrelationComponentsListDto } from './correlation.dto.js';
import { toCorrelationList } from './correlation.mapper.js';
import { CorrelationService } from './correlation.service.js';

/** Which parts of the server write correlation lines (`reference/operations.md` §7). Administrators of other tenants may look. */
@DevopsController('config/correlation')
@Scopes('apim:admin')
export class CorrelationDevopsController {
  constructor(private readonly correlation: CorrelationService) {}

  @Get()
  async get(): Promise<CorrelationComponentsListDto> {
    return toCorrelationList(await this.correlation.list());
  }

  @Put()
  async set(@Caller() caller: User, @Body() { components }: CorrelationComponentsListDto): Promise<CorrelationComponentsListDto> {
    return toCorrelationList(await this.correlation.set(caller, components ?? []));
  }
}
