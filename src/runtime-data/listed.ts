import type { DataSource } from 'typeorm';

/** Part of a list, and how long all of it is. */
export interface Listed<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

export interface Window {
  readonly limit: number;
  readonly offset: number;
}

/**
 * A window of what a `SELECT` finds, ordered by its column `ordered`, and how much it finds: one statement, whatever the numbers. Rows come as JSON, so
 * times are texts.
 */
export const listed = async <T>(
  database: DataSource,
  select: string,
  values: readonly unknown[],
  { limit, offset }: Window,
  ordered = 'id',
): Promise<Listed<T>> => {
  const [row]: readonly Listed<T>[] = await database.query(
    `WITH found AS (${select})
     SELECT (SELECT count(*)::int FROM found) AS total,
       (SELECT coalesce(json_agg(w), '[]') FROM (SELECT * FROM found ORDER BY ${ordered} LIMIT $${values.length + 1} OFFSET $${values.length + 2}) w) AS rows`,
    [...values, limit, offset],
  );
  return row ?? { rows: [], total: 0 };
};
