import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Api } from '../../domain/api.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { RatingEntity } from './rating.entity.js';

/** What is rated, which the reader is known to be allowed to see. */
export type Rated = Pick<Api, 'id' | 'organization'>;

/** One page of the ratings of an API and what they say together. */
export interface RatingPage {
  readonly items: readonly RatingEntity[];
  readonly total: number;
  /** Over all of them, to one decimal; 0 when there is none. */
  readonly average: number;
  /** The reader's own; 0 for none. */
  readonly own: number;
}

interface Window {
  readonly limit: number;
  readonly offset: number;
}

const COLUMNS = `SELECT id, organization, api_id AS "apiId", user_id AS "userId", rated_by AS "ratedBy", rating, rated_at AS "ratedAt" FROM api_ratings`;
const NOTHING: RatingPage = { items: [], total: 0, average: 0, own: 0 };

/**
 * What lists and searches of the developer portal ask about ratings; it knows no APIs, so that they may use it. Where ratings are switched off
 * (`apim.devportal.enable_ratings`), there are none to be seen.
 */
@Injectable()
export class RatingReads {
  constructor(
    @InjectRepository(RatingEntity) private readonly ratings: Repository<RatingEntity>,
    private readonly config: ApimConfig,
  ) {}

  /** The average of each of the APIs, of whatever tenants, to one decimal, in one statement; those that nobody rated are left out. */
  async averages(apis: readonly Rated[]): Promise<ReadonlyMap<string, number>> {
    if (!this.config.devportal.enableRatings || apis.length === 0) return new Map();
    const asked = new Map(apis.map(({ id, organization }) => [id, organization]));
    const rows: readonly { id: string; average: number }[] = await this.ratings.query(
      `SELECT rated.api_id AS id, round(avg(rated.rating), 1)::float8 AS average
       FROM unnest($1::uuid[], $2::text[]) AS asked(id, organization)
       JOIN api_ratings AS rated ON rated.api_id = asked.id AND rated.organization = asked.organization GROUP BY rated.api_id`,
      [[...asked.keys()], [...asked.values()]],
    );
    return new Map(rows.map(({ id, average }) => [id, average]));
  }

  /** The newest first. A guest has no id and no rating. */
  async page({ organization, id: apiId }: Rated, userId: string | null, { limit, offset }: Window): Promise<RatingPage> {
    if (!this.config.devportal.enableRatings) return NOTHING;
    const [summary]: readonly Omit<RatingPage, 'items'>[] = await this.ratings.query(
      `SELECT count(*)::int AS total, coalesce(round(avg(rating), 1), 0)::float8 AS average,
         coalesce(max(rating) FILTER (WHERE user_id = $3), 0)::int AS own
       FROM api_ratings WHERE api_id = $1 AND organization = $2`,
      [apiId, organization, userId],
    );
    // A limit of 0 is one; the repository would take it for none.
    const items: readonly RatingEntity[] = await this.ratings.query(
      `${COLUMNS} WHERE api_id = $1 AND organization = $2 ORDER BY rated_at DESC, id LIMIT $3 OFFSET $4`,
      [apiId, organization, limit, offset],
    );
    return { ...NOTHING, ...summary, items };
  }

  /** Undefined for a user who has not rated the API. */
  async byUser({ organization, id: apiId }: Rated, userId: string): Promise<RatingEntity | undefined> {
    if (!this.config.devportal.enableRatings) return undefined;
    return (await this.ratings.findOneBy({ organization, apiId, userId })) ?? undefined;
  }
}
