import { randomUUID } from 'node:crypto';
import { Catch, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Problem } from '../../domain/problem.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';

const isTenantCode = (code: number): boolean => code >= 60_000 && code < 66_000;

/** Errors of the tenant API: `{code, message, description, traceId}`, or no body where a credential or a right is missing. */
@Injectable()
@Catch()
export class TenantsFilter extends ProblemFilter {
  protected override write(response: Response, failure: Problem): void {
    const { code, title: message, description } = failure;
    if (message === '' && description === '') {
      response.end();
      return;
    }
    const body = { code: isTenantCode(code) ? `TM-${code}` : String(code), message, description, traceId: randomUUID() };
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
  }
}
