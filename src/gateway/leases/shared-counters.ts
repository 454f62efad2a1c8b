import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { RedisOptions } from 'ioredis';
import { StartError } from '../../platform/config/config-error.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { GatewayThrottlingConfig, type KeyValueStoreConfig } from '../../platform/config/sections/distributed-throttling.config.js';
import { Log } from '../../platform/logging/log.js';
import type { FromWorker, ToWorker } from '../engine/messages.js';
import { CounterTable } from '../engine/throttling/counters.js';
import { createLeaseBoard, LeaseBoard } from '../engine/throttling/lease-board.js';
import type { LeaseSettings, LeaseStoreSettings } from '../engine/throttling/leases.js';
import type { LimitKind } from '../engine/throttling/limits.js';
import { KnownGateways } from './known-gateways.js';
import { LeaseKeeper } from './lease-keeper.js';
import { LeaseStore } from './lease-store.js';

/** As the product's keys begin (`reference/throttling.md` §10). */
const PREFIX = 'wso2_throttler';

interface Shared {
  readonly name: LimitKind;
  readonly settings: LeaseStoreSettings;
  readonly server: KeyValueStoreConfig;
}

interface Opened extends Shared {
  readonly board: LeaseBoard;
  readonly store: LeaseStore;
  readonly keeper: LeaseKeeper;
}

/** How the stores of shared counters stand. */
export interface SharedCountersState {
  readonly store: LimitKind;
  readonly isAway: boolean;
  readonly gateways: number;
  readonly roundTrips: number;
}

/** The limits that this gateway shares with others, as the configuration has it: those of quotas, and those of bursts and backends; none unless it says so. */
@Injectable()
export class SharedCounters {
  private readonly shared: readonly Shared[];
  private readonly gatewayId: string;
  private readonly gatewaysMin: number;
  private opened: readonly Opened[] = [];

  constructor(
    { distributedThrottling, redisConfig }: ApimConfig,
    { distributed }: GatewayThrottlingConfig,
    private readonly log: Log,
  ) {
    const { enable, keyvalueStore, syncInterval, waitMsMax } = distributedThrottling;
    const { gatewayId, minGatewayCount, keyLockRetrievalTimeout } = redisConfig;
    this.gatewayId = gatewayId;
    this.gatewaysMin = minGatewayCount;
    const settings = (waitMs: number): LeaseStoreSettings => ({ board: createLeaseBoard(minGatewayCount), waitMs, chargeMs: syncInterval });
    this.shared = [
      ...(enable ? [{ name: 'quotas' as const, settings: settings(waitMsMax), server: keyvalueStore }] : []),
      ...(distributed.counter.type === 'redis'
        ? [{ name: 'bursts' as const, settings: settings(keyLockRetrievalTimeout), server: redisConfig }]
        : []),
    ];
  }

  /** For the workers; undefined where nothing is shared. */
  get settings(): LeaseSettings | undefined {
    return this.shared.length === 0 ? undefined : Object.fromEntries(this.shared.map(({ name, settings }) => [name, settings]));
  }

  /** Undefined where nothing is shared. */
  get areAway(): boolean | undefined {
    return this.opened.length === 0 ? undefined : this.opened.some(({ store }) => store.isAway);
  }

  get state(): readonly SharedCountersState[] {
    return this.opened.map(({ name, store, board }) => ({
      store: name,
      isAway: store.isAway,
      gateways: board.gateways,
      roundTrips: store.roundTrips,
    }));
  }

  /**
   * Connects to the stores; one that is away is no reason not to start. `ownId` names this gateway where the configuration does not; `folder` is where it
   * keeps what it knows over a restart.
   */
  async start(counters: SharedArrayBuffer, ownId: string, folder: string): Promise<void> {
    const table = new CounterTable(counters);
    const known = new KnownGateways(join(folder, 'shared-gateways.json'), this.log);
    this.opened = this.shared.map((shared) => {
      const board = new LeaseBoard(shared.settings.board);
      board.gateways = Math.max(this.gatewaysMin, known.of(shared.name));
      const store = new LeaseStore(
        {
          name: shared.name,
          connection: connectionOf(shared.server),
          connectTimeoutMs: shared.server.connectionTimeout,
          waitMs: shared.settings.waitMs,
          gatewaysMin: this.gatewaysMin,
          gatewayId: this.gatewayId || ownId,
          prefix: PREFIX,
        },
        board,
        this.log,
        { back: () => keeper.back(), emptied: () => keeper.emptied(), counted: (gateways) => known.note(shared.name, gateways) },
      );
      const keeper = new LeaseKeeper(table, board, store);
      return { ...shared, board, store, keeper };
    });
    await Promise.all(
      this.opened.map(({ keeper, store }) => {
        keeper.start();
        return store.start();
      }),
    );
  }

  async stop(): Promise<void> {
    for (const { keeper } of this.opened) keeper.stop();
    await Promise.all(this.opened.map(({ store }) => store.stop()));
  }

  ask({ store, questions }: Extract<FromWorker, { readonly type: 'lease-questions' }>, answer: (message: ToWorker) => void): void {
    const keeper = this.opened.find(({ name }) => name === store)?.keeper;
    for (const question of questions) keeper?.ask(question, (id) => answer({ type: 'lease-answers', store, ids: [id] }));
  }
}

/** @throws StartError for certificates that cannot be read */
const connectionOf = (server: KeyValueStoreConfig): RedisOptions => {
  const { host, port, user, password, databaseId, ssl, sslCaFile } = server;
  return {
    host,
    port,
    db: databaseId,
    ...(user !== '' && { username: user }),
    ...(password !== '' && { password }),
    ...(ssl && { tls: sslCaFile === '' ? {} : { ca: certificates(sslCaFile) } }),
  };
};

const certificates = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (err) {
    throw new StartError(`the certificates in ${file} (ssl_ca_file) cannot be read: ${(err as Error).message}`, { cause: err }); // fs throws errors
  }
};
