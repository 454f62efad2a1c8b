import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import type { LabelListDto } from '../../labels/labels.dto.js';
import { toLabelList } from '../../labels/labels.mapper.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { RequestLabelListDto } from './api-labels.dto.js';
import { ApiLabelsService } from './api-labels.service.js';

const CHANGE = ['apim:api_create', 'apim:api_manage', 'apim:api_publish'] as const;

@PublisherController('apis/:apiId')
export class ApiLabelsPublisherController {
  constructor(private readonly labels: ApiLabelsService) {}

  @Get('labels')
  @ApiTags('API Labels')
  @Scopes('apim:api_view', ...CHANGE)
  @ApiOperation({ operationId: 'getLabelsOfAPI' })
  async getLabelsOfAPI(@Param('apiId') apiId: string, @Caller() caller: User): Promise<LabelListDto> {
    return toLabelList(await this.labels.list(caller, apiRef(apiId)), pathOf(apiId));
  }

  @Post('attach-labels')
  @ApiTags('API Labels Attach')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'attachLabelsToAPI' })
  @HttpCode(200)
  async attachLabelsToAPI(@Param('apiId') apiId: string, @Body() body: RequestLabelListDto, @Caller() caller: User): Promise<LabelListDto> {
    return toLabelList(await this.labels.attach(caller, apiRef(apiId), body.labels ?? []), pathOf(apiId));
  }

  @Post('detach-labels')
  @ApiTags('API Labels Detach')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'detachLabelsFromAPI' })
  @HttpCode(200)
  async detachLabelsFromAPI(
    @Param('apiId') apiId: string,
    @Body() body: RequestLabelListDto,
    @Caller() caller: User,
  ): Promise<LabelListDto> {
    return toLabelList(await this.labels.detach(caller, apiRef(apiId), body.labels ?? []), pathOf(apiId));
  }
}

const pathOf = (apiId: string): string => `/apis/${apiId}/labels`;
