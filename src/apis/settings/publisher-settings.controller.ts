import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { MaybeCaller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Anonymous, Scopes } from '../../platform/http/scopes.js';
import type { PublisherSettingsDto } from './publisher-settings.dto.js';
import { PublisherSettings } from './publisher-settings.service.js';

@PublisherController('settings', 'Settings')
export class PublisherSettingsController {
  constructor(private readonly settings: PublisherSettings) {}

  @Get()
  @Anonymous()
  @Scopes('apim:api_view', 'apim:publisher_settings')
  @ApiOperation({ operationId: 'getSettings' })
  async getSettings(@MaybeCaller() caller: User | undefined): Promise<PublisherSettingsDto> {
    return this.settings.of(caller);
  }
}
