import { Get, Param, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiProduces } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
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
    const { fileName, content } = await this.sdks.generate({ organization, caller }, apiId, language);
    // Letters, digits, dots and dashes: the name needs no second form.
    const file = { type: 'application/zip', length: content.length, disposition: `attachment; filename="${fileName}"` };
    return new Reply<string>(200, new StreamableFile(content, file));
  }
}
