import { Body, HttpCode, Post } from '@nestjs/common';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
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
