import { Body, Get, Put } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { AnyDocument } from './tenant-config.dto.js';
import { TENANT_CONFIG_SCHEMA } from './tenant-config-schema.js';
import { TenantConfigs } from './tenant-configs.js';

const TEXT = { schema: { type: 'string' } } as const;

@AdminController('')
export class TenantConfigAdminController {
  constructor(private readonly configs: TenantConfigs) {}

  @Get('tenant-config')
  @Scopes('apim:admin')
  @ApiTags('Tenant Config')
  @ApiOperation({ operationId: 'exportTenantConfig' })
  @ApiOkResponse(TEXT)
  async exportTenantConfig(@Caller() { organization }: User): Promise<Reply> {
    return new Reply(200, await this.configs.whole(organization));
  }

  @Put('tenant-config')
  @Scopes('apim:admin')
  @ApiTags('Tenant Config')
  @ApiOperation({ operationId: 'updateTenantConfig' })
  @ApiBody(TEXT)
  @ApiOkResponse({ schema: { type: 'object' } })
  async updateTenantConfig(@Caller() { organization }: User, @Body() body: unknown, @IfMatch() unchanged: Precondition): Promise<Reply> {
    const { document } = await validateAs(AnyDocument, { document: body });
    return new Reply(200, await this.configs.replace(organization, document, unchanged));
  }

  @Get('tenant-config-schema')
  @Scopes('apim:admin')
  @ApiTags('Tenant Config Schema')
  @ApiOperation({ operationId: 'exportTenantConfigSchema' })
  @ApiOkResponse(TEXT)
  exportTenantConfigSchema(): Reply {
    return new Reply(200, TENANT_CONFIG_SCHEMA);
  }
}
