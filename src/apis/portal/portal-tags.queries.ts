import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PageQuery } from '../../platform/http/page.js';
import { Parameters } from '../apis.queries.js';
import type { Viewer } from './portal-sight.js';
import { PortalSights } from './portal-sights.js';

/** A tag, and how many of the APIs that somebody sees have it. */
export interface CountedTag {
  readonly value: string;
  readonly count: number;
}

interface Row {
  readonly total: string;
  /** Null where the page is empty. */
  readonly tag: string | null;
  readonly apis: string | null;
}

/** Counts tags in the developer portal. Tags that differ in letter case or blanks are different tags. */
@Injectable()
export class PortalTagsQueries {
  constructor(
    private readonly database: DataSource,
    private readonly sights: PortalSights,
  ) {}

  /** One page by name, and how many tags there are; a tag that only hidden APIs have is none. @throws Unauthenticated (401) for guests where the portal admits none. */
  async list(viewer: Viewer, { limit, offset }: PageQuery): Promise<{ readonly items: readonly CountedTag[]; readonly total: number }> {
    const { sight } = await this.sights.of(viewer);
    const parameters = new Parameters();
    const organization = parameters.next(viewer.organization);
    const visible = [`organization = ${organization}`, ...sight.apis(parameters, organization)].join(' AND ');
    // APIs with the same tags are counted together first: there are fewer lists of tags than APIs.
    const rows: readonly Row[] = await this.database.query(
      `WITH lists AS (SELECT tags, count(*) AS apis FROM apis WHERE ${visible} GROUP BY tags),
         counted AS MATERIALIZED (
           SELECT tag, sum(apis) AS apis FROM lists, LATERAL (SELECT DISTINCT tag FROM unnest(tags) AS tag) AS tagged GROUP BY tag),
         page AS (SELECT tag, apis FROM counted ORDER BY ${BY_NAME} LIMIT ${parameters.next(limit)} OFFSET ${parameters.next(offset)})
       SELECT (SELECT count(*) FROM counted) AS total, page.* FROM (SELECT) AS one LEFT JOIN page ON true ORDER BY ${BY_NAME}`,
      parameters.values,
    );
    const items = rows.flatMap(({ tag, apis }) => (tag === null ? [] : [{ value: tag, count: Number(apis) }]));
    return { items, total: Number(rows[0]?.total ?? 0) };
  }
}

const BY_NAME = 'search_lower(tag) COLLATE "C", tag COLLATE "C"';
