import { Get, Param } from '@nestjs/common';
import { ApiHeader, ApiProduces } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import type { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { archiveReply } from '../archives/archive-reply.js';
import { SdksService } from './sdks.service.js';

@DevportalController('', 'SDKs')
@Scopes('apim:subscribe')
export class SdksDevportalController {
  constructor(private readonly sdks: SdksService) {}

  @Get('sdk-gen/languages')
  getLanguages(): Promise<string[]> {
    return this.sdks.languages();
  }

  @Get('apis/:apiId/sdks/:language')
  @ApiProduces('application/zip')
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async getSdk(
    @Param('apiId') apiId: string,
    @Param('language') language: string,
    @Tenant() organization: string,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    return archiveReply(await this.sdks.generate({ organization, caller }, apiId, language));
  }
}
