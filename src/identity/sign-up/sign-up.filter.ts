import { randomUUID } from 'node:crypto';
import { Catch, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Problem } from '../../domain/problem.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';

/** Errors of the identity REST API: `{code, message, description, traceId}`, or no body where a credential or a right is missing (`reference/identity.md` §5). */
@Injectable()
@Catch()
export class SignUpFilter extends ProblemFilter {
  protected override write(response: Response, { code, title: message, description }: Problem): void {
    if (message === '' && description === '') {
      response.end();
      return;
    }
    response
      .setHeader('Content-Type', 'application/json')
      .end(JSON.stringify({ code: String(code), message, description, traceId: randomUUID() }));
  }
}
