import { Get, Headers, HttpCode, Post, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Reply, textReply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../platform/http/upload.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { orNone } from '../apis.mapper.js';
import { ExportAPIQuery, ImportAPIForm, ImportAPIQuery, ImportAPIResponseDto } from './api-archives.dto.js';
import { ApiProjects, ARCHIVE_BYTES_MAX } from './api-projects.js';
import { ArchiveExports } from './archive-exports.service.js';
import { ArchiveImports } from './archive-imports.service.js';
import { archiveReply } from './archive-reply.js';

const flag = (byDefault?: boolean) => ({ type: 'boolean', ...(byDefault !== undefined && { default: byDefault }) });

@PublisherController('apis', 'Import Export')
export class ApiArchivesPublisherController {
  constructor(
    private readonly exports: ArchiveExports,
    private readonly projects: ApiProjects,
    private readonly imports: ArchiveImports,
  ) {}

  @Get('export')
  @Scopes('apim:api_view', 'apim:api_publish', 'apim:api_create', 'apim:api_import_export', 'apim:api_manage')
  @ApiOperation({ operationId: 'exportAPI' })
  @ApiQuery({ name: 'apiId', required: false, type: String })
  @ApiQuery({ name: 'name', required: false, type: String })
  @ApiQuery({ name: 'version', required: false, type: String })
  @ApiQuery({ name: 'revisionNumber', required: false, type: String })
  @ApiQuery({ name: 'providerName', required: false, type: String })
  @ApiQuery({ name: 'format', required: false, enum: ['JSON', 'YAML'] })
  @ApiQuery({ name: 'preserveStatus', required: false, schema: flag() })
  @ApiQuery({ name: 'latestRevision', required: false, schema: flag(false) })
  @ApiQuery({ name: 'gatewayEnvironment', required: false, type: String })
  @ApiQuery({ name: 'preserveCredentials', required: false, schema: flag(false) })
  @ApiProduces('application/zip')
  async exportAPI(@Query() query: Record<string, unknown>, @Caller() caller: User): Promise<Reply<string>> {
    const { gatewayEnvironment, ...asked } = await exportQueryOf(query);
    const archive = gatewayEnvironment
      ? await this.exports.runtimeArtifacts(caller, asked, gatewayEnvironment, asked)
      : await this.exports.archive(caller, asked, asked, asked);
    return archiveReply(archive);
  }

  @Post('import')
  @Scopes('apim:api_import_export', 'apim:admin')
  @ApiOperation({ operationId: 'importAPI' })
  @ApiQuery({ name: 'preserveProvider', required: false, schema: flag() })
  @ApiQuery({ name: 'rotateRevision', required: false, schema: flag() })
  @ApiQuery({ name: 'overwrite', required: false, schema: flag() })
  @ApiQuery({ name: 'preservePortalConfigurations', required: false, schema: flag() })
  @ApiQuery({ name: 'dryRun', required: false, schema: flag(false) })
  @ApiHeader({ name: 'Accept', required: false })
  @UploadUpTo(ARCHIVE_BYTES_MAX, 'file')
  @ApiBody({ type: ImportAPIForm })
  @ApiOkResponse({ type: ImportAPIResponseDto })
  @HttpCode(200)
  async importAPI(
    @Query() query: Record<string, unknown>,
    @UploadedFiles() files: UploadedFields | undefined,
    @Headers('accept') accept: string | undefined,
    @Caller() caller: User,
  ): Promise<Reply<ImportAPIResponseDto | string>> {
    const { dryRun, ...options } = await importOptionsOf(query);
    const file = files?.['file']?.[0];
    if (!file) throw BadRequest('Validation Error').withFindings([{ code: '400_file', message: 'file: must not be null' }]);
    const { id, revision } = await this.imports.store(caller, await this.projects.read(file.buffer), options, dryRun);
    if (dryRun) return textReply('application/json', JSON.stringify({ 'compliance-check': { result: 'pass', violations: [] } }));
    if (accept?.includes('application/json')) return new Reply(200, { id, revision: orNone(revision?.toString()) });
    return textReply('text/plain', 'API imported successfully.');
  }
}

/** The words of a query that the class knows; clients send others, which are ignored. */
const exportQueryOf = async ({ apiId, name, version, revisionNumber, providerName, format, ...query }: Record<string, unknown>) => {
  const { preserveStatus, latestRevision, gatewayEnvironment, preserveCredentials } = query;
  const flags = { preserveStatus, latestRevision, gatewayEnvironment, preserveCredentials };
  const sent = await validateAs(ExportAPIQuery, { apiId, name, version, revisionNumber, providerName, format, ...flags });
  return {
    kind: 'api' as const,
    ...sent,
    format: sent.format ?? 'YAML',
    preserveStatus: sent.preserveStatus !== 'false',
    latestRevision: sent.latestRevision === 'true',
    preserveCredentials: sent.preserveCredentials === 'true',
  };
};

const importOptionsOf = async ({ preserveProvider, rotateRevision, overwrite, dryRun, ...query }: Record<string, unknown>) => {
  const { preservePortalConfigurations } = query;
  const flags = { preserveProvider, rotateRevision, overwrite, dryRun, preservePortalConfigurations };
  const sent = await validateAs(ImportAPIQuery, flags);
  return {
    preserveProvider: sent.preserveProvider !== 'false',
    rotateRevision: sent.rotateRevision === 'true',
    overwrite: sent.overwrite === 'true',
    preservePortalConfigurations: sent.preservePortalConfigurations === 'true',
    dryRun: sent.dryRun === 'true',
  };
};
