import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ApplicationUsingKeyManager, KeyManagerUses, type UsePage } from '../keys/managers/key-manager-uses.js';

interface Row extends ApplicationUsingKeyManager {
  readonly total: string;
}

/** Tells which applications have keys of a key manager. */
@Injectable()
export class ApplicationKeyManagerUse implements OnModuleInit {
  constructor(private readonly uses: KeyManagerUses) {}

  onModuleInit(): void {
    this.uses.registerApplications({ names, page });
  }
}

const names = async (em: EntityManager, organization: string | undefined): Promise<readonly string[]> => {
  const rows: readonly { name: string }[] = await em.query(
    'SELECT DISTINCT key_manager AS name FROM application_keys WHERE $1::text IS NULL OR key_manager_organization = $1',
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
): Promise<UsePage<ApplicationUsingKeyManager>> => {
  const rows: readonly Row[] = await em.query(
    `WITH used AS (SELECT id, name, owner, organization FROM applications
       WHERE id IN (SELECT application_id FROM application_keys WHERE key_manager_organization = $1 AND key_manager = $2))
     SELECT counted.total, one.* FROM (SELECT count(*) AS total FROM used) AS counted
     LEFT JOIN LATERAL (SELECT * FROM used ORDER BY name, owner, id LIMIT $3 OFFSET $4) AS one ON true`,
    [organization, keyManager, limit, offset],
  );
  return { items: rows.filter(({ id }) => id !== null).map(({ total: _, ...one }) => one), total: Number(rows[0]?.total ?? 0) };
};
