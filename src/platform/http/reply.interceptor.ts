import { createHash, subtle } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { concatMap, type Observable } from 'rxjs';
import { jsonInTurns } from '../turns/turns.js';
import { Reply } from './reply.js';

/**
 * Turns what a controller returned into the answer: a value is 200, a {@link Reply} says its own status. Reads carry a strong `ETag` and answer
 * `If-None-Match` with 304.
 */
@Injectable()
export class ReplyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    return next.handle().pipe(concatMap((value: unknown) => answer(request, response, value)));
  }
}

const answer = async (request: Request, response: Response, value: unknown): Promise<unknown> => {
  if (response.headersSent) return undefined;
  const reply = value instanceof Reply ? value : new Reply(200, value);
  response.status(reply.status);
  for (const [name, text] of Object.entries(reply.headers)) response.setHeader(name, text);
  if (reply.body === undefined || reply.body instanceof StreamableFile) return reply.body;
  const text = typeof reply.body === 'string' ? reply.body : await jsonInTurns(reply.body);
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'application/json');
  if (reply.status < 300) {
    const etag = text.length > LONG ? await etagElsewhere(text) : etagOf(text);
    response.setHeader('ETag', etag);
    if (request.method === 'GET' && request.headers['if-none-match'] === etag) {
      response.status(304);
      return undefined;
    }
  }
  // Nest would serialize a text as it is; the content type is set already.
  return text;
};

/** Characters from which on a text is hashed off the main thread. */
const LONG = 262_144;

/** Strong entity tag of a body. */
export const etagOf = (text: string): string => tagOf(createHash('sha1').update(text).digest());

const etagElsewhere = async (text: string): Promise<string> => tagOf(Buffer.from(await subtle.digest('SHA-1', Buffer.from(text))));

const tagOf = (digest: Buffer): string => `"${digest.toString('base64url')}"`;
