import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import { NotAcceptable } from './scim.problems.js';

const JSON_TYPES = ['application/json', 'application/scim+json'];
const SCIM = 'application/scim+json';

/** Takes JSON bodies only and answers in the kind of JSON that is asked for; `application/scim+json` when none is. */
@Injectable()
export class ScimMediaInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    response.setHeader('Content-Type', (request.headers.accept ?? '').includes('application/json') ? 'application/json' : SCIM);
    const sent = request.headers['content-type'];
    if (sent !== undefined && METHODS_WITH_BODY.has(request.method) && !request.is(JSON_TYPES)) {
      // `is` finds no type in an empty body, which the operation itself refuses.
      if (!JSON_TYPES.includes(sent.split(';')[0]?.trim().toLowerCase() ?? '')) throw NotAcceptable();
    }
    return next.handle();
  }
}

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
