import { Module } from '@nestjs/common';
import { UsageStore } from '../analytics/usage-store.js';
import { Connectors } from '../keys/connectors/connectors.js';
import { introspect } from '../keys/connectors/introspection.js';
import { Secrets } from '../platform/crypto/secrets.js';
import { DatabaseAddress } from '../platform/database/database-address.js';
import { Sql } from '../platform/database/sql.js';
import { Log } from '../platform/logging/log.js';
import { Outbound } from '../platform/outbound/outbound.js';
import { Gateway } from './gateway.js';
import { OutsideTokens } from './workers/outside-tokens.js';
import { ResidentTokens } from './workers/resident-tokens.js';
import { TokenVerdicts } from './workers/token-verdicts.js';

const CONNECTIONS = 3;

/** The gateway of this process. It needs no entity manager, so that it also runs where there is no control plane. */
@Module({
  providers: [
    Gateway,
    UsageStore,
    {
      provide: TokenVerdicts,
      // A gateway on its own has no connectors.
      inject: [Sql, Secrets, Outbound, Log, { token: Connectors, optional: true }],
      useFactory: (sql: Sql, secrets: Secrets, outbound: Outbound, log: Log, connectors?: Connectors) =>
        new TokenVerdicts(
          new ResidentTokens(sql),
          new OutsideTokens(sql, secrets, connectors, (keyManager, token) => introspect(outbound, keyManager, token)),
          log,
        ),
    },
    {
      provide: Sql,
      inject: [DatabaseAddress, Log],
      useFactory: (address: DatabaseAddress, log: Log) => new Sql({ ...address.options, max: CONNECTIONS }, log),
    },
  ],
  exports: [Gateway],
})
export class GatewayModule {}
