import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import express, { type Request, type Response } from 'express';
import { from, type Observable, switchMap } from 'rxjs';
import { type Problem, problem } from '../../domain/problem.js';
import { TransportConfig } from '../config/sections/transport.config.js';

/** The body is not what its content type says. */
export const Malformed = problem(400, 400, 'Bad Request', 'Malformed request body.');
const TooLarge = problem(413, 413, 'Payload Too Large', 'The request body is larger than allowed.');
const UnsupportedMediaType = problem(415, 415, 'Unsupported Media Type', 'The content type of the request is not supported.');

const JSON_TYPES = ['application/json', 'application/*+json'];

/**
 * Parses JSON and form bodies after the guards have let the caller in, so that nobody unauthenticated makes us read a body.
 * Multipart bodies are left to the upload interceptors.
 */
@Injectable()
export class BodyInterceptor implements NestInterceptor {
  private readonly json: ReturnType<typeof express.json>;
  private readonly form: ReturnType<typeof express.urlencoded>;

  constructor(config: TransportConfig) {
    this.json = express.json({ type: JSON_TYPES, limit: config.bodyBytesMax, strict: false });
    this.form = express.urlencoded({ extended: false, limit: config.bodyBytesMax });
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    if (request.body !== undefined) return next.handle();
    return from(this.read(request, http.getResponse<Response>())).pipe(switchMap(() => next.handle()));
  }

  private read(request: Request, response: Response): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (err?: unknown) => (err ? reject(this.refusal(err)) : resolve());
      this.json(request, response, (err?: unknown) => (err ? done(err) : this.form(request, response, done)));
    });
  }

  private refusal(err: unknown): Problem | unknown {
    const { type } = err as { type?: string }; // body-parser marks its errors with a type
    if (type === 'entity.too.large') return TooLarge();
    if (type === 'entity.parse.failed' || type === 'request.size.invalid' || type === 'encoding.unsupported') return Malformed();
    if (type === 'charset.unsupported') return UnsupportedMediaType();
    return err;
  }
}
