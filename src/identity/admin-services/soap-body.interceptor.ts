import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import express, { type Request, type Response } from 'express';
import { from, type Observable, switchMap } from 'rxjs';
import { MessageInvalid, MessageTooLarge } from './admin-services.problems.js';
import { decoded } from './soap-message.js';

/** A role with ten thousand holders fits. */
const MESSAGE_BYTES_MAX = 1_048_576;

/** Reads a SOAP message as text, after the guard has let the caller in. */
@Injectable()
export class SoapBodyInterceptor implements NestInterceptor {
  private readonly raw = express.raw({ type: () => true, limit: MESSAGE_BYTES_MAX });

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const type = request.headers['content-type'] ?? '';
    return from(this.read(request, http.getResponse<Response>(), type)).pipe(switchMap(() => next.handle()));
  }

  private read(request: Request, response: Response, type: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.raw(request, response, (err?: unknown) => {
        try {
          if (err) throw refusalOf(err);
          request.body = decoded(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), type);
          resolve();
        } catch (refusal) {
          reject(refusal);
        }
      });
    });
  }
}

const refusalOf = (err: unknown): unknown => {
  const { type, status } = err as { type?: string; status?: number }; // body-parser marks its errors with both; those of zlib have a status alone
  if (type === 'entity.too.large') return MessageTooLarge();
  return status !== undefined && status < 500 ? MessageInvalid('it is not complete, or not encoded as it says') : err;
};
