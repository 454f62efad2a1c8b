import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { dump } from 'js-yaml';
import { notesRoute } from '../origin/origin.js';
import { BASE_PATHS } from './controllers.js';
import { documentsOf } from './openapi.js';
import { etagOf } from './reply.interceptor.js';

const PATHS: Readonly<Record<string, string>> = {
  [`${BASE_PATHS.publisher}/swagger.yaml`]: 'publisher-v4',
  [`${BASE_PATHS.devportal}/swagger.yaml`]: 'devportal-v3',
  [`${BASE_PATHS.admin}/swagger.yaml`]: 'admin-v4',
  [`${BASE_PATHS.serviceCatalog}/oas.yaml`]: 'service-catalog-v1',
  [`${BASE_PATHS.gatehouse}/swagger.yaml`]: 'gatehouse-v1',
};

export const DOCUMENT_PATHS = Object.keys(PATHS);

interface Rendered {
  readonly text: string;
  readonly etag: string;
}

/** Serves each API's document, anonymously, as existing clients fetch it on every page load. Made at the first request and kept. */
export const swaggerYaml = (app: () => INestApplication, managementUrl: string) => {
  let documents: Promise<ReadonlyMap<string, OpenAPIObject>> | undefined;
  const rendered = new Map<string, Rendered>();
  const render = async (name: string): Promise<Rendered> => {
    const known = rendered.get(name);
    if (known) return known;
    documents ??= documentsOf(app(), managementUrl);
    const text = dump((await documents).get(name), { skipInvalid: true, noRefs: true });
    const made = { text, etag: etagOf(text) };
    rendered.set(name, made);
    return made;
  };
  return (request: Request, response: Response, next: NextFunction): void => {
    const name = PATHS[request.path];
    if (name === undefined || request.method !== 'GET') {
      next();
      return;
    }
    notesRoute(request.path);
    render(name).then(({ text, etag }) => {
      response.setHeader('ETag', etag).setHeader('Cache-Control', 'no-cache');
      if (request.headers['if-none-match'] === etag) response.status(304).end();
      else response.type('text/yaml').send(text);
    }, next);
  };
};
