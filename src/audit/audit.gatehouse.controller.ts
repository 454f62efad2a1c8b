import { Readable } from 'node:stream';
import { applyDecorators, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { BadRequest } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { GatehouseController } from '../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../platform/http/page.js';
import { queryText } from '../platform/http/query-text.js';
import { Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { AuditEntryListDto } from './audit.dto.js';
import { AuditEntries } from './audit-entries.js';
import { EXPORT_FORMATS, exported } from './audit-export.js';
import { auditFilterOf } from './audit-filter.js';
import { AUDIT_ACTIONS, AUDIT_KINDS } from './audit-kinds.js';

const LIMIT_MAX = 1_000;

/** Documents the filter, which {@link auditFilterOf} reads. */
const Filtered = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({
      name: 'from',
      required: false,
      schema: { type: 'string', format: 'date-time' },
      description: 'Inclusive; a date or a time, UTC unless it says otherwise.',
    }),
    ApiQuery({ name: 'to', required: false, schema: { type: 'string', format: 'date-time' }, description: 'Exclusive.' }),
    ApiQuery({
      name: 'user',
      required: false,
      type: String,
      description: '`name@tenant`, a name of the own tenant, `anonymous` or `system`.',
    }),
    ApiQuery({ name: 'kind', required: false, enum: AUDIT_KINDS }),
    ApiQuery({ name: 'entityId', required: false, type: String, description: 'Of the entity, or of what it belongs to.' }),
    ApiQuery({ name: 'action', required: false, enum: AUDIT_ACTIONS }),
  );

/** What was changed in the caller's own tenant, by whom and from where. */
@GatehouseController('audit', 'Audit')
@Scopes('apim:admin')
export class AuditGatehouseController {
  constructor(private readonly entries: AuditEntries) {}

  /** A page of changes, newest first. The links to other pages end where this one does, so that new changes shift nothing. */
  @Get()
  @Filtered()
  @Paged()
  @ApiOkResponse({ type: AuditEntryListDto })
  async list(@Caller() caller: User, @Query() query: Record<string, unknown>, @Page() window: PageQuery): Promise<AuditEntryListDto> {
    if (window.limit > LIMIT_MAX) throw BadRequest(`'limit' is at most ${LIMIT_MAX}; /audit/export gives everything`);
    const filter = auditFilterOf(query);
    const { entries, total, end } = await this.entries.list(caller.organization, filter, window);
    const rest = new URLSearchParams({ ...filter, to: filter.to ?? end }).toString();
    return page(entries, total, { ...window, rest });
  }

  /** All changes, oldest first, as a file of lines. */
  @Get('export')
  @Filtered()
  @ApiQuery({ name: 'format', required: false, enum: Object.keys(EXPORT_FORMATS), description: '`jsonl` unless given.' })
  @ApiProduces(...Object.values(EXPORT_FORMATS).map(({ mediaType }) => mediaType))
  export(@Caller() caller: User, @Query() query: Record<string, unknown>): Reply<never> {
    const name = queryText(query['format']) || 'jsonl';
    if (name !== 'jsonl' && name !== 'csv') throw BadRequest("'format' must be jsonl or csv");
    const format = EXPORT_FORMATS[name];
    const lines = Readable.from(exported(this.entries.all(caller.organization, auditFilterOf(query)), format), { highWaterMark: 2 });
    return new Reply<never>(
      200,
      new StreamableFile(lines, { type: format.mediaType, disposition: `attachment; filename="audit.${name}"` }),
    );
  }
}
