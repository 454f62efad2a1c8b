import { Get, Post, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { archiveReply } from '../../apis/archives/archive-reply.js';
import type { DevportalAPIInfoDto } from '../../apis/portal/portal-apis.dto.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { created, Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../platform/http/upload.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { DevportalApplicationInfoDto } from '../applications.dto.js';
import { toApplicationInfoDto } from '../applications.mapper.js';
import { ExportApplicationQuery, ImportApplicationForm, ImportApplicationQuery } from './application-archives.dto.js';
import { toSkippedApi } from './application-archives.mapper.js';
import { ArchiveMissing } from './application-archives.problems.js';
import { ApplicationExports } from './application-exports.service.js';
import { APPLICATION_ARCHIVE_BYTES_MAX, ApplicationImports } from './application-imports.service.js';

const FLAG = { type: 'boolean' } as const;

interface SkippedApis {
  readonly count: number;
  readonly list: readonly DevportalAPIInfoDto[];
}

@DevportalController('applications', 'Import Export')
export class ApplicationArchivesDevportalController {
  constructor(
    private readonly exports: ApplicationExports,
    private readonly imports: ApplicationImports,
  ) {}

  @Get('export')
  @Scopes('apim:app_import_export')
  @ApiQuery({ name: 'appName', required: true, type: String })
  @ApiQuery({ name: 'appOwner', required: true, type: String })
  @ApiQuery({ name: 'withKeys', required: false, schema: FLAG })
  @ApiQuery({ name: 'format', required: false, enum: ['JSON', 'YAML'] })
  @ApiProduces('application/zip')
  async export(@Query() query: Record<string, unknown>, @Caller() caller: User): Promise<Reply<string>> {
    const { appName, appOwner, withKeys, format = 'YAML' } = await exportQueryOf(query);
    return archiveReply(await this.exports.archive(caller, { appName, appOwner }, { withKeys: withKeys === 'true', format }));
  }

  /** 207 with the APIs that could not be subscribed to. */
  @Post('import')
  @Scopes('apim:app_import_export')
  @ApiQuery({ name: 'preserveOwner', required: false, schema: FLAG })
  @ApiQuery({ name: 'skipSubscriptions', required: false, schema: FLAG })
  @ApiQuery({ name: 'appOwner', required: false, type: String })
  @ApiQuery({ name: 'skipApplicationKeys', required: false, schema: FLAG })
  @ApiQuery({ name: 'update', required: false, schema: FLAG })
  @ApiQuery({ name: 'ignoreTier', required: false, schema: FLAG })
  @UploadUpTo(APPLICATION_ARCHIVE_BYTES_MAX, 'file')
  @ApiBody({ type: ImportApplicationForm })
  @ApiCreatedResponse({ type: DevportalApplicationInfoDto })
  async import(
    @Query() query: Record<string, unknown>,
    @UploadedFiles() files: UploadedFields | undefined,
    @Caller() caller: User,
  ): Promise<Reply<DevportalApplicationInfoDto | SkippedApis>> {
    const options = await importOptionsOf(query);
    const file = files?.['file']?.[0];
    if (!file) throw ArchiveMissing();
    const { application, subscriptionCount, skipped } = await this.imports.store(caller, file.buffer, options);
    if (skipped.length === 0) return created(`/applications/${application.id}`, toApplicationInfoDto(application, subscriptionCount));
    const list = skipped.map(({ archived, apiId }) => toSkippedApi(archived, apiId));
    return new Reply(207, { count: list.length, list }, { Location: `/applications/${application.id}` });
  }
}

/** The words of a query that the class knows; clients send others, which are ignored. */
const exportQueryOf = ({ appName, appOwner, withKeys, format }: Record<string, unknown>): Promise<ExportApplicationQuery> =>
  validateAs(ExportApplicationQuery, { appName, appOwner, withKeys, format });

const importOptionsOf = async ({ preserveOwner, skipSubscriptions, appOwner, ...query }: Record<string, unknown>) => {
  const { skipApplicationKeys, update, ignoreTier } = query;
  const flags = { preserveOwner, skipSubscriptions, skipApplicationKeys, update, ignoreTier };
  const sent = await validateAs(ImportApplicationQuery, { ...flags, appOwner });
  return {
    appOwner: sent.appOwner,
    preserveOwner: sent.preserveOwner === 'true',
    skipSubscriptions: sent.skipSubscriptions === 'true',
    skipApplicationKeys: sent.skipApplicationKeys === 'true',
    update: sent.update === 'true',
    ignoreTier: sent.ignoreTier === 'true',
  };
};
