import { Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { anyRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { type Reply, textReply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ApisForChange } from '../apis-for-change.js';
import { linterRules } from './linter-rules.js';

@PublisherController('linter-custom-rules', 'Linter Custom Rules')
export class LinterRulesPublisherController {
  constructor(
    private readonly configs: TenantConfigs,
    private readonly apis: ApisForChange,
  ) {}

  /** The linting itself is the portal's. A type adds nothing as long as there are no rulesets for types. */
  @Get()
  @Scopes('apim:api_view', 'apim:mcp_server_view')
  @ApiOperation({ operationId: 'getLinterCustomRules' })
  @ApiQuery({ name: 'apiId', required: false, type: String })
  @ApiQuery({ name: 'apiType', required: false, type: String })
  @ApiOkResponse({ type: String })
  async getLinterCustomRules(
    @Query('apiId') apiId: string | readonly string[] | undefined,
    @Query('apiType') apiType: string | readonly string[] | undefined,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    const [id] = [apiId].flat();
    const [type] = [apiType].flat();
    if (id) await this.apis.read(caller, anyRef(id));
    const { LinterCustomRules: custom } = await this.configs.of(caller.organization);
    return textReply('application/json', JSON.stringify(linterRules(custom, Boolean(id || type))));
  }
}
