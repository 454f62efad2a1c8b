import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Tx } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { Log } from '../../platform/logging/log.js';
import type { ApplicationKeyEntity } from './application-key.entity.js';
import { KeyManagerConnections } from './key-manager-connections.js';

const RETRY_EVERY_MS = 60_000;
const AT_ONCE = 20;
/** Tried for about two days, at growing distances. */
const ATTEMPTS_MAX = 14;

interface Due {
  readonly organization: string;
  readonly key_manager: string;
  readonly client_id: string;
  readonly attempts: number;
}

/**
 * Removes clients at outside key managers that nobody needs any more. What is to be removed is written with the removal of its keys and tried until the key
 * manager does it, so that one that is away for a while leaves no orphan behind.
 */
@Injectable()
export class ClientRemovals implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly connections: KeyManagerConnections,
    private readonly events: Events,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on('outside-client.unneeded', () => this.removeDue());
    const retry = () => this.removeDue().catch((err: unknown) => this.log.warn({ err }, 'clients at outside key managers stay for now'));
    this.timer = setInterval(retry, RETRY_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Has the client removed once the transaction has committed. */
  async add(
    tx: Tx,
    { keyManagerOrganization: organization, keyManager }: Pick<ApplicationKeyEntity, 'keyManagerOrganization' | 'keyManager'>,
    clientId: string,
  ): Promise<void> {
    await tx.em.query('INSERT INTO client_removals (organization, key_manager, client_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      organization,
      keyManager,
      clientId,
    ]);
    tx.raise('outside-client.unneeded', { organization, keyManager });
  }

  /** Removes what is due; what fails is due again later. */
  async removeDue(): Promise<void> {
    for (let due = await this.due(); due.length > 0; due = await this.due()) for (const one of due) await this.remove(one);
  }

  /** Takes some: nobody else tries them before they are due again. */
  private async due(): Promise<readonly Due[]> {
    const [rows]: [readonly Due[], number] = await this.database.query(
      `UPDATE client_removals SET attempts = attempts + 1, due_at = now() + least(power(2, attempts), 360) * interval '1 minute'
       WHERE (organization, key_manager, client_id) IN
         (SELECT organization, key_manager, client_id FROM client_removals WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING organization, key_manager, client_id, attempts`,
      [AT_ONCE],
    );
    return rows;
  }

  private async remove(due: Due): Promise<void> {
    const { organization, key_manager: keyManager, client_id: clientId, attempts } = due;
    try {
      const connection = await this.connections.named(organization, keyManager);
      if (connection && !(await this.isMapped(due))) await connection.connector.removeClient(connection.connected, clientId);
      await this.forget(due);
    } catch (err) {
      this.log.warn({ err, organization, keyManager, clientId, attempts }, 'a client at an outside key manager could not be removed');
      if (attempts >= ATTEMPTS_MAX) await this.forget(due);
    }
  }

  /** Whether it has been mapped again since. */
  private async isMapped({ organization, key_manager: keyManager, client_id: clientId }: Due): Promise<boolean> {
    const rows: readonly unknown[] = await this.database.query(
      'SELECT 1 FROM application_keys WHERE key_manager_organization = $1 AND key_manager = $2 AND consumer_key = $3',
      [organization, keyManager, clientId],
    );
    return rows.length > 0;
  }

  private async forget({ organization, key_manager: keyManager, client_id: clientId }: Due): Promise<void> {
    await this.database.query('DELETE FROM client_removals WHERE organization = $1 AND key_manager = $2 AND client_id = $3', [
      organization,
      keyManager,
      clientId,
    ]);
  }
}
