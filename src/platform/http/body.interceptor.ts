import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import express, { type Request, type Response } from 'express';
import { from, type Observable, switchMap } from 'rxjs';
import { type Problem, problem } from '../../domain/problem.js';
import { TransportConfig } from '../config/sections/transport.config.js';

/** The body is not what its content type says. */
export const Malformed = problem(400, 400, 'Bad Request', 'Malformed request body.');
const TooLarge = problem(413, 413, 'Payload Too Large', 'The request body is larger than allowed.');
const UnsupportedMediaType = problem(415, 415, 'Unsupported Media Type', 'The content type of the request is not supported.');

/** What follows the parsing of such a body has to wait for its turn. */
const LARGE_BYTES = 1_048_576;
const JSON_TYPES = ['application/json', 'application/*+json'];

/**
 * Parses JSON and form bodies after the guards have let the caller in, so that nobody unauthenticated makes us read a body.
 * Multipart bodies are left to the upload interceptors.
 */
@Injectable()
export class BodyInterceptor implements NestInterceptor {
  private readonly json: ReturnType<typeof express.json>;
  private readonly form: ReturnType<typeof express.urlencoded>;
  /** Requests of a JSON type without a single byte, which the parser takes for `{}`; clients send even those in chunks. */
  private readonly empty = new WeakSet<object>();
  /** Requests whose body took a while to parse. */
  private readonly large = new WeakSet<object>();

  constructor(config: TransportConfig) {
    const verify = (request: object, _: unknown, body: Buffer) => {
      if (body.length === 0) this.empty.add(request);
      if (body.length > LARGE_BYTES) this.large.add(request);
    };
    this.json = express.json({ type: JSON_TYPES, limit: config.bodyBytesMax, strict: false, verify });
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
      const done = (err?: unknown) => {
        if (err) reject(this.refusal(err));
        else if (this.large.has(request)) setImmediate(resolve);
        else resolve();
      };
      this.json(request, response, (err?: unknown) => {
        if (err) return done(err);
        if (!this.empty.has(request)) return this.form(request, response, done);
        request.body = undefined;
        done();
      });
    });
  }

  private refusal(err: unknown): Problem | unknown {
    const { type, status } = err as { type?: string; status?: number }; // body-parser marks its errors with both; those of zlib have a status alone
    if (type === 'entity.too.large') return TooLarge();
    if (type === 'charset.unsupported') return UnsupportedMediaType();
    // A caller who hung up, too many form fields, bytes that are not what their encoding says: none is our bug.
    return status !== undefined && status < 500 ? Malformed() : err;
  }
}
