import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Transactions } from './transactions.js';

/** The one database of the process; entities register themselves through `TypeOrmModule.forFeature`. */
@Global()
@Module({})
export class DatabaseModule {
  static of(connect: (entities: readonly Function[]) => Promise<DataSource>): DynamicModule {
    const orm = TypeOrmModule.forRootAsync({
      useFactory: () => ({ type: 'postgres', autoLoadEntities: true, synchronize: false, manualInitialization: false }),
      dataSourceFactory: async (options) => connect((options?.entities ?? []) as readonly Function[]), // autoLoadEntities gives classes only
    });
    return { module: DatabaseModule, imports: [orm], providers: [Transactions], exports: [Transactions, orm] };
  }
}
