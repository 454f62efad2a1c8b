import type { NextFunction, Request, Response } from 'express';
import { BASE_PATHS } from './controllers.js';

/** `/api/am/publisher/v4.5/…` and `/api/am/publisher/…` are the current version; other versions are none of ours. */
const FACES = /^\/api\/am\/(publisher|devportal|admin|gateway)(?:\/(v\d+(?:\.\d+)?))?(?=\/|\?|$)/;
const CURRENT: Readonly<Record<string, { readonly version: string; readonly accepted: readonly string[] }>> = {
  publisher: { version: 'v4', accepted: ['v4', 'v4.5'] },
  devportal: { version: 'v3', accepted: ['v3', 'v3.5'] },
  admin: { version: 'v4', accepted: ['v4', 'v4.5'] },
  gateway: { version: 'v2', accepted: ['v2', 'v2.3'] },
};

/** The internal data API under its other name, below which there is also what tells gateways where everything is. */
const INTERNAL = /^\/internal\/gateway(?=\/(?!\.well-known))/;

/** Leads the other spellings of a base path to the one the controllers know. */
export const canonicalPath = (url: string): string =>
  url.replace(INTERNAL, BASE_PATHS.internalData).replace(FACES, (whole, face: string, version: string | undefined) => {
    const current = CURRENT[face];
    if (!current || (version !== undefined && !current.accepted.includes(version))) return whole;
    return `/api/am/${face}/${current.version}`;
  });

/** First in the chain: path spelling and the headers of every answer. */
export const edge = (request: Request, response: Response, next: NextFunction): void => {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-XSS-Protection', '1; mode=block');
  request.url = canonicalPath(request.url);
  next();
};
