import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { InternalDataController } from '../administrators.guard.js';
import { TransactionRecordDto } from './gateways.dto.js';
import { TransactionCounts } from './transactions.service.js';

const RECORDS_MAX = 1_000;

@InternalDataController('transaction-records')
export class TransactionRecordsController {
  constructor(private readonly counts: TransactionCounts) {}

  @Post()
  @HttpCode(200)
  async add(@Caller() caller: User, @Body() body: unknown): Promise<boolean> {
    if (!Array.isArray(body) || body.length === 0 || body.length > RECORDS_MAX) {
      throw BadRequest(`The body must be a list of 1 to ${RECORDS_MAX} transaction records.`);
    }
    await this.counts.add(caller, await Promise.all(body.map((record: unknown) => validateAs(TransactionRecordDto, record))));
    return true;
  }
}

export class TransactionCountDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
}

@AdminController('transaction-count', 'Transaction Records')
export class TransactionCountController {
  constructor(private readonly counts: TransactionCounts) {}

  @Get()
  @Scopes('apim:admin')
  async count(@Caller() caller: User, @Query('startTime') start: string, @Query('endTime') end: string): Promise<TransactionCountDto> {
    return { count: await this.counts.between(caller, start, end) };
  }
}
