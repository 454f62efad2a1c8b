import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { created, type Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import type { LabelEntity } from './label.entity.js';
import { LabelDto, LabelListDto, LabelUsageDto } from './labels.dto.js';
import { fromLabelDto, toLabelDto, toLabelList, toLabelUsage } from './labels.mapper.js';
import { LabelsService } from './labels.service.js';

@AdminController('labels')
export class LabelsAdminController {
  constructor(private readonly labels: LabelsService) {}

  @Get()
  @ApiTags('Labels (Collection)')
  @Scopes('apim:admin')
  @ApiOperation({ operationId: 'getAllLabels' })
  async getAllLabels(@Caller() caller: User): Promise<LabelListDto> {
    return toLabelList(await this.labels.list(caller.organization), '/labels');
  }

  @Post()
  @ApiTags('Label (Individual)')
  @Scopes('apim:admin')
  @ApiOperation({ operationId: 'createLabel' })
  @ApiCreatedResponse({ type: LabelDto })
  async createLabel(@Caller() caller: User, @Body() body: LabelDto): Promise<Reply<LabelDto>> {
    const label = await this.labels.create(caller.organization, fromLabelDto(body));
    return created(`/labels/${label.id}`, toLabelDto(label));
  }

  @Put(':labelId')
  @ApiTags('Label (Individual)')
  @Scopes('apim:admin')
  @ApiOperation({ operationId: 'updateLabel' })
  async updateLabel(
    @Caller() caller: User,
    @Param('labelId') labelId: string,
    @Body() body: LabelDto,
    @IfMatch() precondition: Precondition,
  ): Promise<LabelDto> {
    return toLabelDto(await this.labels.update(caller.organization, labelId, fromLabelDto(body), asShown(precondition)));
  }

  @Delete(':labelId')
  @ApiTags('Label (Individual)')
  @Scopes('apim:admin')
  @ApiOperation({ operationId: 'deleteLabel' })
  async deleteLabel(@Caller() caller: User, @Param('labelId') labelId: string, @IfMatch() precondition: Precondition): Promise<void> {
    await this.labels.remove(caller.organization, labelId, asShown(precondition));
  }

  @Get(':labelId/usage')
  @ApiTags('Label (Individual)')
  @Scopes('apim:admin')
  @ApiOperation({ operationId: 'getLabelUsage' })
  async getLabelUsage(@Caller() caller: User, @Param('labelId') labelId: string): Promise<LabelUsageDto> {
    return toLabelUsage(await this.labels.usage(caller.organization, labelId));
  }
}

const asShown = (precondition: Precondition) => (current: LabelEntity) => precondition(toLabelDto(current));
