import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Not, type Repository } from 'typeorm';
import { Transactions } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { Log } from '../../platform/logging/log.js';
import { Outbound } from '../../platform/outbound/outbound.js';
import { KeyManagerEntity } from './key-manager.entity.js';
import { type OutsideKey, RESIDENT_TYPE } from './key-manager.js';
import { KeyManagersService } from './key-managers.service.js';
import { keysOfJwks } from './outside-keys.js';
import { SpacedRuns } from './spaced-runs.js';

const JWKS_BYTES_MAX = 262_144;
/** How often keys are read anew without anybody asking. */
const EVERY_MS = 300_000;
/** Whoever sends tokens with made-up key ids makes us ask a key manager no more often than this. */
const FLOOR_MS = 2_000;
const RUNNING_MAX = 4;
const NO_KEYS = 'the JWKS document has no RSA key for signatures';

/**
 * Fetches the signing keys of outside key managers: when one is saved, when a gateway meets a key it does not know, and every five minutes. Keys that
 * cannot be fetched leave the last good ones in force; a document without any takes them away.
 */
@Injectable()
export class OutsideKeyRefresh implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly runs = new SpacedRuns((id) => this.refresh(id), FLOOR_MS, RUNNING_MAX);
  /** Ids of those that gave no keys when they were last asked. */
  private readonly failing = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @InjectRepository(KeyManagerEntity) private readonly rows: Repository<KeyManagerEntity>,
    private readonly keyManagers: KeyManagersService,
    private readonly transactions: Transactions,
    private readonly outbound: Outbound,
    private readonly events: Events,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.events.on('key-manager.changed', ({ id }) => this.runs.now(id));
    this.events.on('key-manager.key-wanted', async ({ organization, name }) => {
      const wanted = await this.rows.findOne({ where: { organization, name }, select: { id: true } });
      if (wanted) this.runs.want(wanted.id);
    });
    this.timer = setInterval(() => void this.refreshAll(), EVERY_MS);
    void this.refreshAll();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.runs.stop();
  }

  /** Whether every key manager gave its keys when it was last asked. */
  get areFetched(): boolean {
    return this.failing.size === 0;
  }

  private async refreshAll(): Promise<void> {
    try {
      const rows = await this.rows.find({ where: { enabled: true, type: Not(RESIDENT_TYPE) }, select: { id: true } });
      for (const { id } of rows) this.runs.want(id);
      // Another server has deleted or disabled the others.
      for (const id of this.failing) if (!rows.some((row) => row.id === id)) this.failing.delete(id);
    } catch (err) {
      this.log.warn({ err }, 'the keys of the key managers could not be refreshed');
    }
  }

  /** Never fails: what went wrong is kept beside the keys and told in the log once. */
  private async refresh(id: string): Promise<void> {
    try {
      const row = await this.rows.findOneBy({ id });
      const certificates = row?.enabled && row.type !== RESIDENT_TYPE ? row.settings.certificates : null;
      if (row && certificates?.type === 'JWKS') await this.fetched(row, certificates.value);
      else this.failing.delete(id);
    } catch (err) {
      this.log.warn({ err, keyManagerId: id }, 'the keys of a key manager could not be refreshed');
    }
  }

  private async fetched(row: KeyManagerEntity, address: string): Promise<void> {
    const outcome = await this.fetch(address);
    if (this.runs.isStopped) return;
    if (typeof outcome === 'string' || outcome.length === 0) this.failing.add(row.id);
    else this.failing.delete(row.id);
    if (typeof outcome === 'string') {
      if (row.keysError !== outcome) {
        this.warn(row, outcome, 'the keys of a key manager could not be fetched; those known before stay in force');
        await this.rows.update({ id: row.id }, { keysError: outcome });
      }
      return;
    }
    // What a key manager says of its keys is so: whoever takes all of them back wants no token accepted.
    const keysError = outcome.length === 0 ? NO_KEYS : '';
    if (keysError !== '' && row.keysError !== keysError) this.warn(row, keysError, 'none of the tokens of a key manager can be checked');
    await this.transactions.run(async (tx) => {
      const current = await tx.em.findOne(KeyManagerEntity, { where: { id: row.id }, lock: { mode: 'pessimistic_write' } });
      // Changed while the keys were on their way: the change has asked for its own.
      if (current?.settings.certificates?.value !== address) return;
      await tx.em.update(KeyManagerEntity, { id: row.id }, { keys: [...outcome], keysFetchedAt: new Date(), keysError });
      if (fingerprint(current.keys) !== fingerprint(outcome)) await this.keyManagers.publish(tx, { ...current, keys: outcome });
    });
  }

  private warn({ organization, name }: KeyManagerEntity, reason: string, message: string): void {
    this.log.warn({ organization, keyManager: name, reason }, message);
  }

  /** The keys, or why there are none. */
  private async fetch(address: string): Promise<readonly OutsideKey[] | string> {
    try {
      const { status, body } = await this.outbound.get(address, JWKS_BYTES_MAX, { accept: 'application/json' });
      return status === 200 ? keysOfJwks(body.toString()) : `${address} answered ${status}`;
    } catch (err) {
      return err instanceof Error ? err.message : String(err);
    }
  }
}

const fingerprint = (keys: readonly OutsideKey[]): string => JSON.stringify(keys.map(({ kid, n, e }) => [kid, n, e]));
