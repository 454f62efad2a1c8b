import { Delete, Get, Param } from '@nestjs/common';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { GatehouseController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import { PendingChangeDto } from '../workflows/pending-change.dto.js';
import { toPendingChangeDto } from '../workflows/pending-change.mapper.js';
import { ApplicationsService } from './applications.service.js';

/** What the product's contract does not let developers do with a change of an application that waits for its approval: read it, and take it back. */
@GatehouseController('applications/:applicationId', 'Applications')
export class ApplicationRequestsGatehouseController {
  constructor(private readonly applications: ApplicationsService) {}

  /** The change, or the deletion, that waits. */
  @Get('pending-change')
  @Scopes('apim:subscribe', 'apim:app_manage')
  async getPendingChange(@Param('applicationId') id: string, @Caller() caller: User): Promise<PendingChangeDto> {
    return toPendingChangeDto(await this.applications.pendingChange(caller, id));
  }

  /** Takes it back: the application is what it was before. */
  @Delete('pending-change')
  @Scopes('apim:subscribe', 'apim:app_manage')
  async withdrawPendingChange(@Param('applicationId') id: string, @Caller() caller: User): Promise<void> {
    await this.applications.withdraw(caller, id);
  }
}
