import { Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { type Reply, textReply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { MockResponsePayloadListDto } from './mocks.dto.js';
import { MocksService } from './mocks.service.js';

const JSON_TYPE = 'application/json';

@PublisherController('apis/:apiId', 'APIs')
export class MocksPublisherController {
  constructor(private readonly mocks: MocksService) {}

  @Post('generate-mock-scripts')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'generateMockScripts' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @HttpCode(200)
  async generateMockScripts(@Param('apiId') apiId: string, @Caller() caller: User): Promise<Reply<string>> {
    return textReply(JSON_TYPE, await this.mocks.generate(caller, apiId));
  }

  /** The scripts as they would be generated now; those in force are in the definition. */
  @Get('generated-mock-scripts')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'getGeneratedMockScriptsOfAPI' })
  @ApiOkResponse({ type: MockResponsePayloadListDto })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getGeneratedMockScriptsOfAPI(@Param('apiId') apiId: string, @Caller() caller: User): Promise<Reply<string>> {
    return textReply(JSON_TYPE, await this.mocks.generated(caller, apiId));
  }
}
