import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { withoutNul } from '../../apis/apis.queries.js';
import { BadRequest } from '../../domain/problem.js';
import { queryText } from '../../platform/http/query-text.js';

const HEADER = 'xwso2tenant';

/** The header `xWSO2Tenant`, which most operations need. @throws BadRequest (400) without it. */
export const TenantHeader = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const value = context.switchToHttp().getRequest<Request>().headers[HEADER];
  if (typeof value !== 'string' || value.trim() === '') throw BadRequest('The header xWSO2Tenant is missing: it names the tenant, or ALL.');
  return value;
});

/** A query parameter that says something. */
export const Search = createParamDecorator((name: string, context: ExecutionContext): string | undefined => {
  const text = queryText(context.switchToHttp().getRequest<Request>().query[name]);
  return text ? withoutNul(text) : undefined;
});

const INT_MAX = 2_147_483_647;

/** A query parameter that is a number. @throws BadRequest (400) for another text. */
export const SearchNumber = createParamDecorator((name: string, context: ExecutionContext): number | undefined => {
  const text = queryText(context.switchToHttp().getRequest<Request>().query[name]);
  if (!text) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || Math.abs(number) > INT_MAX) throw BadRequest(`Invalid value for the query parameter ${name}`);
  return number;
});
