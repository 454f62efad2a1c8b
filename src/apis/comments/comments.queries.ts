import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Api } from '../../domain/api.js';
import type { CommentEntity } from './comment.entity.js';

/** The API, which the reader is known to be allowed to see. */
export type Commented = Pick<Api, 'id' | 'organization'>;

export interface Window {
  readonly limit: number;
  readonly offset: number;
}

/** What is known of the people behind the names; null where the author's account is gone. */
export interface Commenter {
  readonly firstName: string;
  readonly lastName: string;
  readonly fullName: string;
}

export type CommentView = Pick<
  CommentEntity,
  'id' | 'parentId' | 'entryPoint' | 'category' | 'content' | 'author' | 'createdAt' | 'updatedAt'
> &
  Readonly<{ commenter: Commenter | null }>;

/** One page of a list, and how many there are. */
export interface CommentPage<T = CommentView> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface CommentThread extends CommentView {
  readonly replies: CommentPage;
}

/** Authors may be of any tenant, so accounts are found by their ids alone, which are unique over all tenants. */
const VIEW = `SELECT c.id, c.parent_id AS "parentId", c.entry_point AS "entryPoint", c.category, c.content, c.author,
    c.created_at AS "createdAt", c.updated_at AS "updatedAt",
    CASE WHEN u.id IS NOT NULL THEN jsonb_build_object(
      'firstName', coalesce(u.claims ->> 'givenname', ''),
      'lastName', coalesce(u.claims ->> 'lastname', ''),
      'fullName', coalesce(u.claims ->> 'fullname', u.claims ->> 'formattedName', concat_ws(' ', u.claims ->> 'givenname', u.claims ->> 'lastname'))
    ) END AS commenter
  FROM api_comments c LEFT JOIN users u ON u.id = c.author_id`;

/** Reads comments with their replies: the same few statements however many there are. */
@Injectable()
export class CommentsQueries {
  constructor(private readonly database: DataSource) {}

  /** The comments on the API itself, the newest first, each with the first of its replies. */
  async roots(api: Commented, { limit, offset }: Window, replies: Window): Promise<CommentPage<CommentThread>> {
    const whose = [api.organization, api.id];
    const where = 'c.organization = $1 AND c.api_id = $2 AND c.parent_id IS NULL';
    const [counted]: readonly { total: number }[] = await this.database.query(
      `SELECT count(*)::int AS total FROM api_comments c WHERE ${where}`,
      whose,
    );
    const views: readonly CommentView[] = await this.database.query(
      `${VIEW} WHERE ${where} ORDER BY c.created_at DESC, c.id LIMIT $3 OFFSET $4`,
      [...whose, limit, offset],
    );
    return { items: await withReplies(this.database.manager, api, views, replies), total: counted?.total ?? 0 };
  }

  /** A comment or a reply; undefined for none of this API. The id must be a UUID. Within a transaction, give its entity manager. */
  async thread(api: Commented, id: string, replies: Window, em: EntityManager = this.database.manager): Promise<CommentThread | undefined> {
    const views: readonly CommentView[] = await em.query(`${VIEW} WHERE c.organization = $1 AND c.api_id = $2 AND c.id = $3`, [
      api.organization,
      api.id,
      id,
    ]);
    return (await withReplies(em, api, views, replies))[0];
  }
}

/** Answers to each of the comments, the oldest first. */
const withReplies = async (
  em: EntityManager,
  api: Commented,
  views: readonly CommentView[],
  { limit, offset }: Window,
): Promise<readonly CommentThread[]> => {
  const of = [api.organization, api.id, views.map(({ id }) => id)];
  const where = 'c.organization = $1 AND c.api_id = $2 AND c.parent_id = ANY ($3::uuid[])';
  const counted: readonly { parent: string; total: number }[] = await em.query(
    `SELECT c.parent_id AS parent, count(*)::int AS total FROM api_comments c WHERE ${where} GROUP BY c.parent_id`,
    of,
  );
  const totals = new Map(counted.map(({ parent, total }) => [parent, total]));
  const replies: readonly CommentView[] = await em.query(
    `WITH shown AS (
       SELECT c.id, row_number() OVER (PARTITION BY c.parent_id ORDER BY c.created_at, c.id) AS position FROM api_comments c WHERE ${where})
     ${VIEW} JOIN shown ON shown.id = c.id WHERE shown.position > $4::bigint AND shown.position <= $4::bigint + $5::bigint ORDER BY shown.position`,
    [...of, offset, limit],
  );
  return views.map((view) => ({
    ...view,
    replies: { items: replies.filter(({ parentId }) => parentId === view.id), total: totals.get(view.id) ?? 0 },
  }));
};
