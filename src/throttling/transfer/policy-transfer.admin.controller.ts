import { Get, HttpCode, Post, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { BadRequest, found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { queryText } from '../../platform/http/query-text.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../platform/http/upload.js';
import { POLICY_TYPES } from './policy-kinds.js';
import { ExportThrottlePolicyDto, ImportThrottlePolicyForm } from './policy-transfer.dto.js';
import { PolicyTransfer } from './policy-transfer.service.js';

const SCOPES = ['apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage', 'apim:policies_import_export'] as const;
const FILE_BYTES_MAX = 1_048_576;

@AdminController('throttling/policies', 'Import Export')
export class PolicyTransferAdminController {
  constructor(private readonly policies: PolicyTransfer) {}

  @Get('export')
  @Scopes(...SCOPES)
  @ApiOperation({ operationId: 'exportThrottlingPolicy' })
  @ApiQuery({ name: 'policyId', required: false, type: String })
  @ApiQuery({ name: 'name', required: false, type: String })
  @ApiQuery({ name: 'type', required: false, schema: { type: 'string', enum: [...POLICY_TYPES] } })
  async export(
    @Caller() caller: User,
    @Query('policyId') policyId: unknown,
    @Query('name') name: unknown,
    @Query('type') type: unknown,
  ): Promise<ExportThrottlePolicyDto> {
    return this.policies.export(caller, { policyId: queryText(policyId), name: queryText(name), type: queryText(type) });
  }

  /** 201 for a policy that is new, 200 for one that was replaced. */
  @Post('import')
  @HttpCode(200)
  @Scopes(...SCOPES)
  @ApiOperation({ operationId: 'importThrottlingPolicy' })
  @ApiQuery({ name: 'overwrite', required: false, schema: { type: 'boolean' } })
  @UploadUpTo(FILE_BYTES_MAX, 'file')
  @ApiBody({ type: ImportThrottlePolicyForm })
  async import(
    @Caller() caller: User,
    @Query('overwrite') overwrite: unknown,
    @UploadedFiles() files: UploadedFields | undefined,
  ): Promise<Reply<never>> {
    const { buffer } = found(files?.['file']?.[0], BadRequest, 'The policy is missing: send it as the part file.');
    const done = await this.policies.import(caller, buffer, queryText(overwrite) === 'true');
    return new Reply<never>(done === 'created' ? 201 : 200);
  }
}
