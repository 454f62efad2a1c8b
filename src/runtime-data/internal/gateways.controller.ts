import { Body, HttpCode, Post } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { InternalDataController } from '../administrators.guard.js';
import { GatewayDeploymentStatusAcknowledgmentListDto, NotifyGatewayPayloadDto } from './gateways.dto.js';
import { OutsideGateways } from './outside-gateways.service.js';

/** Where gateways of others say that they are there and what they serve. */
@InternalDataController()
export class GatewaysController {
  constructor(private readonly gateways: OutsideGateways) {}

  @Post('notify-gateway')
  @HttpCode(200)
  async notifyGateway(
    @Caller() caller: User,
    @Body() body: NotifyGatewayPayloadDto,
  ): Promise<{ readonly status: 'REGISTERED' | 'ACKNOWLEDGED'; readonly gatewayId: string }> {
    if (body.payloadType === 'REGISTER') return { status: 'REGISTERED', gatewayId: await this.gateways.register(caller, body) };
    return { status: 'ACKNOWLEDGED', gatewayId: await this.gateways.heartbeat(caller, body) };
  }

  @Post('notify-api-deployment-status')
  @HttpCode(200)
  async notifyDeployments(
    @Caller() caller: User,
    @Body() body: GatewayDeploymentStatusAcknowledgmentListDto,
  ): Promise<{ readonly status: 'RECEIVED' | 'DROPPED' }> {
    return { status: (await this.gateways.acknowledge(caller, body.list)) ? 'RECEIVED' : 'DROPPED' };
  }
}
