import { Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { SUPER_TENANT } from '../domain/organization.js';
import { found } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { queryText } from '../platform/http/query-text.js';
import { Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { TransactionCountDto } from './consumption.dto.js';
import { DayInvalid, EndsBeforeStart, RangeTooLong, ReportTooLong, TimeInvalid, TimeMissing } from './consumption.problems.js';
import { ConsumptionQueries, type Days } from './consumption.queries.js';
import { reportArchive } from './consumption-report.js';
import { dayOf, instantOf } from './report-times.js';

const DAYS_MAX = 366;
/** The table is made in memory: some 200 bytes a line. */
const ROWS_MAX = 200_000;
const DAY_MS = 86_400_000;

@AdminController('')
@Scopes('apim:admin')
export class ConsumptionAdminController {
  constructor(private readonly consumption: ConsumptionQueries) {}

  /** Of all tenants for the super tenant, of the caller's for any other. */
  @Get('transaction-count')
  @ApiTags('Transaction Records')
  @ApiQuery({ name: 'startTime', required: true, type: String })
  @ApiQuery({ name: 'endTime', required: true, type: String })
  async transactionCount(
    @Caller() { organization }: User,
    @Query('startTime') startTime: unknown,
    @Query('endTime') endTime: unknown,
  ): Promise<TransactionCountDto> {
    const from = found(instantOf(present('startTime', startTime)), TimeInvalid, 'startTime');
    const to = found(instantOf(present('endTime', endTime)), TimeInvalid, 'endTime');
    if (to < from) throw EndsBeforeStart('endTime', 'startTime');
    return { count: await this.consumption.transactions(organization === SUPER_TENANT ? undefined : organization, from, to) };
  }

  @Get('export-consumption')
  @ApiTags('Consumption')
  @ApiOperation({ operationId: 'exportConsumptionData' })
  @ApiQuery({ name: 'fromDate', required: true, type: String })
  @ApiQuery({ name: 'toDate', required: true, type: String })
  @ApiOkResponse({ content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } } })
  async exportConsumptionData(
    @Caller() { organization }: User,
    @Query('fromDate') fromDate: unknown,
    @Query('toDate') toDate: unknown,
  ): Promise<Reply<never>> {
    const days = daysOf(fromDate, toDate);
    const rows = await this.consumption.daily(organization, days, ROWS_MAX + 1);
    if (rows.length > ROWS_MAX) throw ReportTooLong(ROWS_MAX);
    const archive = await reportArchive(days, rows);
    return new Reply<never>(200, new StreamableFile(archive), {
      'Content-Type': 'application/zip',
      'Content-Disposition': 'attachment; filename="consumption-report.zip"',
    });
  }
}

/** @throws TimeMissing (400). */
const present = (name: string, value: unknown): string => {
  const text = queryText(value)?.trim() ?? '';
  if (text === '') throw TimeMissing(name);
  return text;
};

/** @throws TimeMissing, DayInvalid, EndsBeforeStart, RangeTooLong (400). */
const daysOf = (fromDate: unknown, toDate: unknown): Days => {
  const from = found(dayOf(present('fromDate', fromDate)), DayInvalid, 'fromDate');
  const to = found(dayOf(present('toDate', toDate)), DayInvalid, 'toDate');
  if (to < from) throw EndsBeforeStart('toDate', 'fromDate');
  if (Date.parse(to) - Date.parse(from) >= DAYS_MAX * DAY_MS) throw RangeTooLong(DAYS_MAX);
  return { from, to };
};
