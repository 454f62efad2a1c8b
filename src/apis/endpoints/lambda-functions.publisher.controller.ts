import { Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { type Reply, textReply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { LambdaFunctions } from './lambda-functions.js';

@PublisherController('apis', 'AWS Lambda (Individual)')
export class LambdaFunctionsPublisherController {
  constructor(private readonly functions: LambdaFunctions) {}

  @Get(':apiId/amznResourceNames')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAmazonResourceNamesOfAPI' })
  @ApiOkResponse({ schema: { type: 'string' } })
  async getAmazonResourceNamesOfAPI(@Param('apiId') apiId: string, @Caller() caller: User): Promise<Reply<string>> {
    const list = await this.functions.names(caller, apiRef(apiId));
    return textReply('application/json', JSON.stringify({ count: list.length, list }));
  }
}
