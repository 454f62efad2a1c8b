import { resolve } from 'node:path';
import type { NextFunction, Request, Response } from 'express';
import { fullName } from '../domain/organization.js';
import { accessPattern, isCredentialHeader } from '../gateway/engine/observability/access-pattern.js';
import { maskedUrl } from '../gateway/engine/observability/masked-url.js';
import { StartError } from '../platform/config/config-error.js';
import type { HttpAccessLogConfig } from '../platform/config/sections/access-log.config.js';
import { DailyLog } from '../platform/logging/daily-log.js';
import type { Log } from '../platform/logging/log.js';

/**
 * Writes a line for each request of the management port (`[http_access_log]`, `reference/operations.md` §1.1).
 * @throws StartError for a pattern that cannot be written.
 */
export const managementAccessLog = (
  config: HttpAccessLogConfig,
  dataDir: string,
  addressOf: (request: Request) => string,
  log: Log,
): ((request: Request, response: Response, next: NextFunction) => void) => {
  const line = compiled(config.pattern);
  const file = new DailyLog({ ...config, directory: resolve(dataDir, config.directory) }, log);
  return (request, response, next) => {
    const at = Date.now();
    const startedAt = performance.now();
    response.on('close', () => {
      file.add(
        `${line({
          client: addressOf(request),
          user: request.caller ? fullName(request.caller) : null,
          at,
          method: request.method,
          url: maskedUrl(request.originalUrl),
          httpVersion: request.httpVersion,
          status: response.statusCode,
          bytes: Number(response.getHeader('content-length') ?? -1),
          durationMs: performance.now() - startedAt,
          host: request.headers.host ?? '',
          port: request.socket.localPort ?? 0,
          secure: true,
          header: (name) => headerOf(request, name),
        })}\n`,
      );
    });
    next();
  };
};

const headerOf = (request: Request, name: string): string | undefined => {
  if (isCredentialHeader(name)) return undefined;
  const value = request.headers[name];
  const text = Array.isArray(value) ? value.join(', ') : value;
  return text !== undefined && name === 'referer' ? maskedUrl(text) : text;
};

const compiled = (pattern: string): ReturnType<typeof accessPattern> => {
  try {
    return accessPattern(pattern);
  } catch (err) {
    throw new StartError(`http_access_log.pattern: ${(err as Error).message}`, { cause: err }); // it throws errors only
  }
};
