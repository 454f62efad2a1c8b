import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ApiUsingKeyManager, KeyManagerUses, type UsePage } from '../keys/managers/key-manager-uses.js';

interface Row extends ApiUsingKeyManager {
  readonly total: string;
}

/** Tells which APIs name a key manager. `all` names none. */
@Injectable()
export class ApiKeyManagerUse implements OnModuleInit {
  constructor(private readonly uses: KeyManagerUses) {}

  onModuleInit(): void {
    this.uses.registerApis({ names, page });
  }
}

const names = async (em: EntityManager, organization: string | undefined): Promise<readonly string[]> => {
  const rows: readonly { name: string }[] = await em.query(
    `SELECT DISTINCT jsonb_array_elements_text(details->'keyManagers') AS name FROM apis WHERE $1::text IS NULL OR organization = $1`,
    [organization ?? null],
  );
  return rows.map(({ name }) => name);
};

const page = async (
  em: EntityManager,
  organization: string,
  keyManager: string,
  limit: number,
  offset: number,
): Promise<UsePage<ApiUsingKeyManager>> => {
  const rows: readonly Row[] = await em.query(
    `WITH used AS (SELECT * FROM apis WHERE organization = $1 AND details->'keyManagers' ? $2)
     SELECT counted.total, one.* FROM (SELECT count(*) AS total FROM used) AS counted LEFT JOIN LATERAL (
       SELECT id, name, version, context, provider, type, status, coalesce(details->>'description', '') AS description,
         coalesce((details->'advertiseInfo'->>'advertised')::boolean, false) AS "advertiseOnly", details->'keyManagers' AS "keyManagers"
       FROM used ORDER BY name, version, id LIMIT $3 OFFSET $4) AS one ON true`,
    [organization, keyManager, limit, offset],
  );
  return { items: rows.filter(({ id }) => id !== null).map(({ total: _, ...api }) => api), total: Number(rows[0]?.total ?? 0) };
};
