import { Body, Get, Put } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevopsController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { CorrelationComponentDto, CorrelationComponentsListDto } from './correlation.dto.js';
import { CorrelationService } from './correlation.service.js';
import { type ComponentState, DENIED_THREADS, USUAL_DENIED_THREADS } from './correlation-component.js';

/** Which parts of the server write correlation lines (`reference/operations.md` §7). Administrators of other tenants may look. */
@DevopsController('config/correlation')
@Scopes('apim:admin')
export class CorrelationDevopsController {
  constructor(private readonly correlation: CorrelationService) {}

  @Get()
  async get(): Promise<CorrelationComponentsListDto> {
    return toList(await this.correlation.list());
  }

  @Put()
  async set(@Caller() caller: User, @Body() { components = [] }: CorrelationComponentsListDto): Promise<CorrelationComponentsListDto> {
    return toList(await this.correlation.set(caller, components));
  }
}

const toList = (components: readonly ComponentState[]): CorrelationComponentsListDto => ({ components: components.map(toComponent) });

const toComponent = ({ name, enabled, deniedThreads }: ComponentState): CorrelationComponentDto => ({
  name,
  enabled: String(enabled),
  properties: name === 'jdbc' ? [{ name: DENIED_THREADS, value: [...(deniedThreads ?? USUAL_DENIED_THREADS)] }] : [],
});
