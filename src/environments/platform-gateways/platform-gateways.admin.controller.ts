import { Body, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import {
  CreatePlatformGatewayRequestDto,
  GatewayListDto,
  GatewayResponseWithTokenDto,
  PlatformGatewayResponseDto,
  UpdatePlatformGatewayRequestDto,
} from './platform-gateways.dto.js';
import { fromPlatformGatewayDto, toPlatformGatewayDto } from './platform-gateways.mapper.js';
import { PlatformGateways, type RegisteredGateway } from './platform-gateways.service.js';

@AdminController('gateways', 'Platform Gateways')
@Scopes('apim:admin')
export class PlatformGatewaysAdminController {
  constructor(private readonly gateways: PlatformGateways) {}

  @Get()
  @ApiOperation({ operationId: 'getPlatformGateways' })
  async getPlatformGateways(@Caller() { organization }: User): Promise<GatewayListDto> {
    const list = (await this.gateways.list(organization)).map(toPlatformGatewayDto);
    return { count: list.length, list };
  }

  @Post()
  @ApiOperation({ operationId: 'createPlatformGateway' })
  @ApiCreatedResponse({ type: GatewayResponseWithTokenDto })
  async createPlatformGateway(
    @Caller() { organization }: User,
    @Body() body: CreatePlatformGatewayRequestDto,
  ): Promise<Reply<GatewayResponseWithTokenDto>> {
    const registered = await this.gateways.create(organization, fromPlatformGatewayDto(body));
    return created(`/gateways/${registered.gateway.id}`, withToken(registered));
  }

  @Put(':gatewayId')
  @ApiOperation({ operationId: 'updatePlatformGateway' })
  async updatePlatformGateway(
    @Caller() { organization }: User,
    @Param('gatewayId') id: string,
    @Body() body: UpdatePlatformGatewayRequestDto,
  ): Promise<PlatformGatewayResponseDto> {
    return toPlatformGatewayDto(await this.gateways.update(organization, id, fromPlatformGatewayDto(body)));
  }

  @Delete(':gatewayId')
  @ApiOperation({ operationId: 'deletePlatformGateway' })
  async deletePlatformGateway(@Caller() { organization }: User, @Param('gatewayId') id: string): Promise<void> {
    await this.gateways.remove(organization, id);
  }

  @Post(':gatewayId/regenerate-token')
  @ApiOperation({ operationId: 'regeneratePlatformGatewayToken' })
  @HttpCode(200)
  async regeneratePlatformGatewayToken(
    @Caller() { organization }: User,
    @Param('gatewayId') id: string,
  ): Promise<GatewayResponseWithTokenDto> {
    return withToken(await this.gateways.regenerateToken(organization, id));
  }
}

const withToken = ({ gateway, token }: RegisteredGateway): GatewayResponseWithTokenDto => ({
  ...toPlatformGatewayDto(gateway),
  registrationToken: token,
});
