import { Get, Post, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { BadRequest, found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { Upload, type UploadedFields } from '../../platform/http/upload.js';
import { ImportOperationPolicyForm } from './operation-policies.dto.js';
import { OperationPoliciesService } from './operation-policies.service.js';
import { readPolicyArchive } from './policy-archive.js';
import { archiveReply, formatOf } from './policy-upload.js';

/** Common policies as archives. Comes before the policies themselves, whose ids its paths would be taken for. */
@PublisherController('operation-policies', 'Import Export')
export class PolicyExchangePublisherController {
  constructor(private readonly policies: OperationPoliciesService) {}

  @Get('export')
  @Scopes('apim:policies_import_export')
  @ApiOperation({ operationId: 'exportOperationPolicy' })
  @ApiQuery({ name: 'name', required: false, type: String })
  @ApiQuery({ name: 'version', required: false, type: String })
  @ApiQuery({ name: 'format', required: false, type: String })
  @ApiProduces('application/zip')
  async exportOperationPolicy(
    @Query('name') name: unknown,
    @Query('version') version: unknown,
    @Query('format') format: unknown,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    const sent = formatOf(format);
    return archiveReply(await this.policies.named(caller.organization, textOf(name, 'name'), textOf(version, 'version')), sent);
  }

  @Post('import')
  @Scopes('apim:policies_import_export')
  @ApiOperation({ operationId: 'importOperationPolicy' })
  @Upload('file')
  @ApiBody({ type: ImportOperationPolicyForm })
  async importOperationPolicy(@UploadedFiles() files: UploadedFields | undefined, @Caller() caller: User): Promise<Reply<never>> {
    const { buffer } = found(files?.['file']?.[0], BadRequest, 'The archive is missing: send it as the part file.');
    const { id } = await this.policies.create(caller.organization, await readPolicyArchive(buffer));
    return new Reply<never>(201, undefined, { Location: `/operation-policies/${id}` });
  }
}

/** @throws BadRequest unless the parameter is one text that the database could hold. */
const textOf = (value: unknown, parameter: string): string => {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) throw BadRequest(`The query parameter ${parameter} is missing.`);
  return value;
};
