import { Module } from '@nestjs/common';
import { UsageStore } from '../analytics/usage-store.js';
import { ApiKeyUseStore } from '../api-keys/api-key-use-store.js';
import { DatabaseAddress } from '../platform/database/database-address.js';
import { Sql } from '../platform/database/sql.js';
import { Log } from '../platform/logging/log.js';
import { Gateway } from './gateway.js';

const CONNECTIONS = 3;

/** The gateway of this process. It needs no entity manager, so that it also runs where there is no control plane. */
@Module({
  providers: [
    Gateway,
    UsageStore,
    ApiKeyUseStore,
    {
      provide: Sql,
      inject: [DatabaseAddress, Log],
      useFactory: (address: DatabaseAddress, log: Log) => new Sql({ ...address.options, max: CONNECTIONS }, log),
    },
  ],
  exports: [Gateway],
})
export class GatewayModule {}
