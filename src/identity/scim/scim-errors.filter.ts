import { Catch, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Problem } from '../../domain/problem.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';
import { scimTypeOf } from './scim.problems.js';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Errors of SCIM2: status as text, `scimType` only where there is one; no body where a credential or a right is missing. */
@Injectable()
@Catch()
export class ScimErrorsFilter extends ProblemFilter {
  protected override write(response: Response, failure: Problem): void {
    if (failure.title === '' && failure.description === '') {
      response.removeHeader('Content-Type');
      response.end();
      return;
    }
    const scimType = scimTypeOf(failure);
    const body = {
      schemas: [ERROR],
      ...(scimType && { scimType }),
      detail: failure.description || failure.title,
      status: String(failure.status),
    };
    if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'application/scim+json');
    response.end(JSON.stringify(body));
  }
}
