import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { PublisherController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import type { LabelListDto } from './labels.dto.js';
import { toLabelList } from './labels.mapper.js';
import { LabelsService } from './labels.service.js';

@PublisherController('labels', 'Labels (Collection)')
export class LabelsPublisherController {
  constructor(private readonly labels: LabelsService) {}

  @Get()
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAllLabels' })
  async getAllLabels(@Caller() caller: User): Promise<LabelListDto> {
    return toLabelList(await this.labels.list(caller.organization), '/labels');
  }
}
