import { Body, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { GatehouseController } from '../../platform/http/controllers.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { SIGNATURE_HEADER } from '../outside/signature.js';
import { WorkflowCallbacks } from './workflow-callbacks.js';
import { CallbackDto } from './workflows.dto.js';

/** Where outside systems say what they decided. The signature is all they have to show. */
@GatehouseController('workflows/:referenceId', 'Workflows')
@Anonymous()
export class WorkflowCallbacksGatehouseController {
  constructor(private readonly callbacks: WorkflowCallbacks) {}

  @Post('callback')
  @HttpCode(200)
  @ApiHeader({ name: SIGNATURE_HEADER, required: true })
  async callback(
    @Param('referenceId') reference: string,
    @Headers(SIGNATURE_HEADER) signature: string | undefined,
    @Body() decision: CallbackDto,
  ): Promise<CallbackDto> {
    await this.callbacks.take(reference, signature ?? '', decision);
    return decision;
  }
}
