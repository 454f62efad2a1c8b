import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Problem } from '../../domain/problem.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';

/** Errors of these operations: `{code, message, description}` with the code as text. */
@Injectable()
export class OperationsErrors extends ProblemFilter {
  protected override write(response: Response, { code, title, description }: Problem): void {
    const body = { code: String(code), message: title, description };
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
  }
}
