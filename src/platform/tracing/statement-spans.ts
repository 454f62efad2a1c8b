import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type AfterQueryEvent, type BeforeQueryEvent, DataSource, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';
import { traceNow } from './active-trace.js';
import { statementFacts } from './statement-text.js';
import { Traces } from './traces.js';

/** A span for each statement that traced work sends; where nothing is traced, nobody is told of statements. */
@Injectable()
export class StatementSpans implements OnModuleInit, EntitySubscriberInterface {
  /** When the statements under way began. Those of one connection end in the order in which they began. */
  private readonly begun = new WeakMap<QueryRunner, number[]>();

  constructor(
    private readonly database: DataSource,
    private readonly traces: Traces,
  ) {}

  onModuleInit(): void {
    if (this.traces.ratio !== null) this.database.subscribers.push(this);
  }

  beforeQuery({ queryRunner }: BeforeQueryEvent): void {
    const begun = this.begun.get(queryRunner);
    if (begun) begun.push(performance.now());
    else this.begun.set(queryRunner, [performance.now()]);
  }

  afterQuery({ queryRunner, query, success }: AfterQueryEvent): void {
    const startedAt = this.begun.get(queryRunner)?.shift();
    const trace = traceNow();
    if (trace === undefined || startedAt === undefined) return;
    const { name, attributes } = statementFacts(query);
    trace.add({ name, kind: 'client', startedAt, attributes, isError: !success });
  }
}
