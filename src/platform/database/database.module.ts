import type { Type } from '@nestjs/common';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { StatementSpans } from '../tracing/statement-spans.js';
import { Transactions } from './transactions.js';

/** The one database of the process; entities register themselves through `TypeOrmModule.forFeature`. */
@Global()
@Module({})
export class DatabaseModule {
  static of(connect: (entities: readonly Type[]) => Promise<DataSource>): DynamicModule {
    const orm = TypeOrmModule.forRootAsync({
      useFactory: () => ({ type: 'postgres', autoLoadEntities: true, synchronize: false, manualInitialization: false }),
      // `autoLoadEntities` gathers classes only.
      dataSourceFactory: async (options) => connect((options?.entities ?? []) as unknown as readonly Type[]),
    });
    return { module: DatabaseModule, imports: [orm], providers: [Transactions, StatementSpans], exports: [Transactions, orm] };
  }
}
