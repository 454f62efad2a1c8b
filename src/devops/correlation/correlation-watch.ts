import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type AfterQueryEvent, DataSource, type EntitySubscriberInterface } from 'typeorm';
import { Events } from '../../platform/events/events.js';
import { CorrelationLog } from '../../platform/logging/correlation-log.js';
import { Log } from '../../platform/logging/log.js';
import { CorrelationService } from './correlation.service.js';
import { switchesOf } from './correlation-component.js';

/** Besides what this process hears of, for what others on the database change. */
const POLL_MS = 5_000;

/** Has this process write the correlation lines that the database says: at its start, and whenever that changes. */
@Injectable()
export class CorrelationWatch implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  /** Told of every statement while they are written down, and of none otherwise. */
  private readonly statements: EntitySubscriberInterface;

  constructor(
    private readonly correlation: CorrelationService,
    private readonly correlationLog: CorrelationLog,
    private readonly database: DataSource,
    private readonly events: Events,
    private readonly log: Log,
  ) {
    this.statements = {
      afterQuery: ({ query, executionTime }: AfterQueryEvent) => correlationLog.statement(query, executionTime ?? 0),
    };
  }

  async onModuleInit(): Promise<void> {
    await this.read();
    this.events.on('correlation.changed', () => this.read());
    this.timer = setInterval(() => void this.readAgain(), POLL_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async readAgain(): Promise<void> {
    try {
      await this.read();
    } catch (err) {
      this.log.debug({ err }, 'the correlation settings could not be read');
    }
  }

  private async read(): Promise<void> {
    const switches = switchesOf(await this.correlation.list());
    this.correlationLog.apply(switches);
    const { subscribers } = this.database;
    const at = subscribers.indexOf(this.statements);
    if (switches.jdbc && at < 0) subscribers.push(this.statements);
    if (!switches.jdbc && at >= 0) subscribers.splice(at, 1);
  }
}
