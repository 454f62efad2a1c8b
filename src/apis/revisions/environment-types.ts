import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Environment, servedKeyType } from '../../environments/environment.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { Log } from '../../platform/logging/log.js';
import { documentKeyOf } from './deployed-apis.js';

/** Tells the gateways which keys the environments serve when that changes: by an administrator, or in the configuration file between two starts. */
@Injectable()
export class EnvironmentTypes implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private running: Promise<void> | undefined;

  constructor(
    private readonly environments: EnvironmentsService,
    private readonly feed: Feed,
    private readonly transactions: Transactions,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.environments.onTypeChange((tx, organization, environment) => this.tell(tx, organization, environment));
  }

  /** While the server is already at work: there may be many documents to look at. */
  onApplicationBootstrap(): void {
    this.running = this.tellAll().catch((err: unknown) =>
      this.log.error({ err }, 'the gateways could not be told which keys the environments serve; it is tried again at the next start'),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.running;
  }

  private async tellAll(): Promise<void> {
    for (const environment of this.environments.allConfigured) await this.transactions.run((tx) => this.tell(tx, null, environment));
  }

  private tell(tx: Tx, organization: string | null, environment: Pick<Environment, 'name' | 'type'>): Promise<void> {
    const keyEnd = documentKeyOf('', environment.name);
    return this.feed.setAll(tx, 'api', { organization, keyEnd }, 'environmentType', servedKeyType(environment) ?? null);
  }
}
