import { Module } from '@nestjs/common';
import { UsageStore } from '../analytics/usage-store.js';
import { ApiKeyUseStore } from '../api-keys/api-key-use-store.js';
import { AccountLocks } from '../identity/logins/account-locks.js';
import { UserLogins } from '../identity/logins/user-logins.js';
import { Connectors } from '../keys/connectors/connectors.js';
import { introspect } from '../keys/connectors/introspection.js';
import { Accounts } from '../platform/auth/accounts.js';
import { IdentityMgtConfig } from '../platform/config/sections/identity-mgt.config.js';
import { Passwords } from '../platform/crypto/passwords.js';
import { Secrets } from '../platform/crypto/secrets.js';
import { DatabaseAddress } from '../platform/database/database-address.js';
import { Sql } from '../platform/database/sql.js';
import { Events } from '../platform/events/events.js';
import { Audit } from '../platform/logging/audit.js';
import { Log } from '../platform/logging/log.js';
import { MetricSources } from '../platform/metrics/metric-sources.js';
import { Outbound } from '../platform/outbound/outbound.js';
import { Gateway } from './gateway.js';
import { SharedCounters } from './leases/shared-counters.js';
import { GatewayObservability } from './observability/gateway-observability.js';
import { metricsText } from './observability/metrics-text.js';
import { LoginVerdicts } from './workers/login-verdicts.js';
import { OutsideTokens } from './workers/outside-tokens.js';
import { ResidentTokens } from './workers/resident-tokens.js';
import { SqlAccountRows } from './workers/sql-account-rows.js';
import { TokenVerdicts } from './workers/token-verdicts.js';

const CONNECTIONS = 3;

/** The door for names and passwords of a gateway without a control plane. */
const ownLogins = (sql: Sql, passwords: Passwords, config: IdentityMgtConfig, audit: Audit, events: Events, log: Log): UserLogins => {
  const rows = new SqlAccountRows(sql);
  const logins = new UserLogins(rows, passwords, new AccountLocks(rows, config, audit), audit, log, config);
  events.on('accounts.changed', () => logins.forget());
  return logins;
};

/** The gateway of this process. It needs no entity manager, so that it also runs where there is no control plane. */
@Module({
  providers: [
    Gateway,
    GatewayObservability,
    SharedCounters,
    UsageStore,
    ApiKeyUseStore,
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
      provide: LoginVerdicts,
      inject: [Sql, Passwords, IdentityMgtConfig, Audit, Events, Log, { token: Accounts, optional: true }],
      useFactory: (
        sql: Sql,
        passwords: Passwords,
        config: IdentityMgtConfig,
        audit: Audit,
        events: Events,
        log: Log,
        accounts?: Accounts,
      ) => new LoginVerdicts(accounts ?? ownLogins(sql, passwords, config, audit, events, log), log),
    },
    {
      provide: Sql,
      inject: [DatabaseAddress, Log],
      useFactory: (address: DatabaseAddress, log: Log) => new Sql({ ...address.options, max: CONNECTIONS }, log),
    },
  ],
  exports: [Gateway],
})
export class GatewayModule {
  constructor(gateway: Gateway, metrics: MetricSources) {
    metrics.add(() => metricsText(gateway.state, gateway.observability));
  }
}
