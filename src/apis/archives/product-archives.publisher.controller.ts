import { Get, HttpCode, Post, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { type Reply, textReply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../platform/http/upload.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { ExportAPIQuery, ImportAPIForm, ImportAPIProductQuery } from './api-archives.dto.js';
import { ApiProjects, ARCHIVE_BYTES_MAX } from './api-projects.js';
import { ArchiveExports } from './archive-exports.service.js';
import { archiveReply } from './archive-reply.js';
import { ProductImports } from './product-imports.service.js';

const FLAG = { type: 'boolean' };

@PublisherController('api-products', 'Import Export')
export class ProductArchivesPublisherController {
  constructor(
    private readonly exports: ArchiveExports,
    private readonly projects: ApiProjects,
    private readonly imports: ProductImports,
  ) {}

  @Get('export')
  @Scopes('apim:api_view', 'apim:api_product_import_export')
  @ApiOperation({ operationId: 'exportAPIProduct' })
  @ApiQuery({ name: 'name', required: false, type: String })
  @ApiQuery({ name: 'version', required: false, type: String })
  @ApiQuery({ name: 'providerName', required: false, type: String })
  @ApiQuery({ name: 'revisionNumber', required: false, type: String })
  @ApiQuery({ name: 'format', required: false, enum: ['JSON', 'YAML'] })
  @ApiQuery({ name: 'preserveStatus', required: false, schema: FLAG })
  @ApiQuery({ name: 'latestRevision', required: false, schema: { ...FLAG, default: false } })
  @ApiProduces('application/zip')
  async exportAPIProduct(@Query() query: Record<string, unknown>, @Caller() caller: User): Promise<Reply<string>> {
    const { name, version, providerName, revisionNumber, format, preserveStatus, latestRevision } = query;
    const sent = await validateAs(ExportAPIQuery, { name, version, providerName, revisionNumber, format, preserveStatus, latestRevision });
    const options = { format: sent.format ?? 'YAML', preserveStatus: sent.preserveStatus !== 'false', preserveCredentials: false };
    const which = { ...sent, latestRevision: sent.latestRevision === 'true' };
    return archiveReply(await this.exports.archive(caller, { kind: 'product', ...sent }, which, options));
  }

  @Post('import')
  @Scopes('apim:api_product_import_export')
  @ApiOperation({ operationId: 'importAPIProduct' })
  @ApiQuery({ name: 'preserveProvider', required: false, schema: FLAG })
  @ApiQuery({ name: 'rotateRevision', required: false, schema: FLAG })
  @ApiQuery({ name: 'importAPIs', required: false, schema: FLAG })
  @ApiQuery({ name: 'overwriteAPIProduct', required: false, schema: FLAG })
  @ApiQuery({ name: 'overwriteAPIs', required: false, schema: FLAG })
  @UploadUpTo(ARCHIVE_BYTES_MAX, 'file')
  @ApiBody({ type: ImportAPIForm })
  @ApiOkResponse({})
  @HttpCode(200)
  async importAPIProduct(
    @Query() { preserveProvider, rotateRevision, importAPIs, overwriteAPIProduct, overwriteAPIs }: Record<string, unknown>,
    @UploadedFiles() files: UploadedFields | undefined,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    const flags = { preserveProvider, rotateRevision, importAPIs, overwriteAPIProduct, overwriteAPIs };
    const sent = await validateAs(ImportAPIProductQuery, flags);
    const file = files?.['file']?.[0];
    if (!file) throw BadRequest('Validation Error').withFindings([{ code: '400_file', message: 'file: must not be null' }]);
    await this.imports.store(caller, await this.projects.readProduct(file.buffer), {
      preserveProvider: sent.preserveProvider !== 'false',
      rotateRevision: sent.rotateRevision === 'true',
      importAPIs: sent.importAPIs === 'true',
      overwriteAPIProduct: sent.overwriteAPIProduct === 'true',
      overwriteAPIs: sent.overwriteAPIs === 'true',
    });
    return textReply('text/plain', 'API Product imported successfully.');
  }
}
