import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiProperty, ApiQuery } from '@nestjs/swagger';
import type { Request } from 'express';
import { BadRequest } from '../../domain/problem.js';

const DEFAULT_LIMIT = 25;
const INT_MAX = 2_147_483_647;
/** As the default limit: a list that is whole unless a limit is asked for. */
export const ALL = INT_MAX;

/** A window of a list, with what is needed to link to its neighbours. */
export interface PageQuery {
  readonly limit: number;
  readonly offset: number;
  /** The path below the API's base, for the links. */
  readonly path: string;
  /** The other query parameters, kept in the links. */
  readonly rest: string;
}

export class PaginationDto {
  @ApiProperty({ type: 'integer', required: false })
  offset!: number;
  @ApiProperty({ type: 'integer', required: false })
  limit!: number;
  @ApiProperty({ type: 'integer', required: false })
  total!: number;
  @ApiProperty({ required: false })
  next!: string;
  @ApiProperty({ required: false })
  previous!: string;
}

/** `{count, list, pagination}`: `count` is the page's size, links are empty when there is no neighbour; a page of nothing has none. */
export const page = <T>(
  items: readonly T[],
  total: number,
  query: PageQuery,
): { count: number; list: readonly T[]; pagination: PaginationDto } => {
  const { limit, offset } = query;
  const link = (start: number) => `${query.path}?limit=${limit}&offset=${start}${query.rest && `&${query.rest}`}`;
  return {
    count: items.length,
    list: items,
    pagination: {
      offset,
      limit: limit === ALL ? total : limit,
      total,
      next: limit > 0 && offset + limit < total ? link(offset + limit) : '',
      previous: limit > 0 && offset > 0 && offset < total ? link(Math.max(0, offset - limit)) : '',
    },
  };
};

const number = (request: Request, name: string, fallback: number, least: number): number => {
  const text = request.query[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > INT_MAX) throw BadRequest(`Invalid value for the query parameter ${name}`);
  return value;
};

/** The two numbers of a window under the names a request gives them. @throws BadRequest (400) for what is no such number. */
export const windowOf = (
  request: Request,
  limit: string,
  offset: string,
  defaultLimit = DEFAULT_LIMIT,
): Pick<PageQuery, 'limit' | 'offset'> => ({
  limit: number(request, limit, defaultLimit, 0),
  offset: number(request, offset, 0, 0),
});

const BASE = /^\/(api\/am\/[^/]+\/v[^/]+|api\/gatehouse\/v[^/]+|internal\/data\/v1)/;

const read = createParamDecorator((defaultLimit: number, context: ExecutionContext): PageQuery => {
  const request = context.switchToHttp().getRequest<Request>();
  const rest = Object.entries(request.query).filter(([name, value]) => name !== 'limit' && name !== 'offset' && typeof value === 'string');
  return {
    ...windowOf(request, 'limit', 'offset', defaultLimit),
    path: request.path.replace(BASE, ''),
    rest: rest.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&'),
  };
});

/** The `limit` (25 unless given) and `offset` (0) of a list. Put {@link Paged} or {@link PagedUpToAll} on the method, so that the document shows them. */
export const Page = (defaultLimit = DEFAULT_LIMIT): ParameterDecorator => read(defaultLimit);

/** Documents `limit` and `offset`, or the names given in their place. */
export const Paged = (limit = 'limit', offset = 'offset'): MethodDecorator =>
  applyDecorators(
    ApiQuery({ name: limit, required: false, schema: { type: 'integer', default: DEFAULT_LIMIT } }),
    ApiQuery({ name: offset, required: false, schema: { type: 'integer', default: 0 } }),
  );

/** Documents `limit` and `offset` of a list whose limit is {@link ALL}. */
export const PagedUpToAll = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({ name: 'limit', required: false, schema: { type: 'integer' } }),
    ApiQuery({ name: 'offset', required: false, schema: { type: 'integer', default: 0 } }),
  );
