import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MulterError } from 'multer';
import { Problem, problem } from '../../domain/problem.js';
import { Log } from '../logging/log.js';

/** `{code, message, description, moreInfo, error[]}`: the one error body of the REST APIs. */
export const problemBody = (failure: Problem) => ({
  code: failure.code,
  message: failure.title,
  description: failure.description,
  moreInfo: failure.moreInfo,
  error: failure.findings,
});

const OurBug = problem(500, 500, 'Internal server error', 'The server encountered an internal error. Please contact administrator.');
const NoSuchOperation = problem(404, 404, 'Not Found', 'The requested resource does not exist.');
const TooLarge = problem(413, 413, 'Payload Too Large', 'The request is larger than allowed.');
const Refused = problem(400, 400, 'Bad Request', '%s');

/** Alone writes error bodies. What is no problem is our bug: logged with its stack, answered without detail. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(err: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const failure = this.problemOf(err, http.getRequest<Request>());
    if (response.headersSent) {
      response.destroy();
      return;
    }
    for (const [name, value] of Object.entries(failure.headers)) response.setHeader(name, value);
    response.status(failure.status);
    if (failure.isPlainText) response.setHeader('Content-Type', 'text/plain').end(failure.description);
    else this.write(response, failure);
  }

  /** Writes the body; APIs with an error form of their own override this. */
  protected write(response: Response, failure: Problem): void {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(problemBody(failure)));
  }

  private problemOf(err: unknown, request: Request): Problem {
    if (err instanceof Problem) return err;
    if (err instanceof MulterError) return err.code === 'LIMIT_FILE_SIZE' ? TooLarge() : Refused(err.message);
    if (err instanceof HttpException && err.getStatus() === 404) return NoSuchOperation();
    if (err instanceof HttpException && err.getStatus() === 413) return TooLarge();
    if (err instanceof HttpException && err.getStatus() < 500) return Refused(err.message);
    this.log.error({ err, method: request.method, path: request.path }, 'request failed');
    return OurBug();
  }
}
