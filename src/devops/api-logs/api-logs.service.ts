import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { LOG_LEVELS, type LoggedResource, type LogLevel } from '../../domain/api-logging.js';
import { SUPER_TENANT } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { TenantsService } from '../../identity/tenants/tenants.service.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { InvalidPermission } from '../devops.problems.js';
import { ApiLogLevelEntity } from './api-log-level.entity.js';
import {
  LogDataMissing,
  LoggedApiNotFound,
  LoggedResourceNotFound,
  LogLevelUnknown,
  NotOfTenant,
  TenantNotFound,
} from './api-logs.problems.js';
import { ApiLogsQueries, type LoggedApi } from './api-logs.queries.js';

/** What a caller wants to be written; nothing of it is checked yet. */
export interface LogWish {
  readonly level: string | undefined;
  readonly method: string | undefined;
  readonly path: string | undefined;
}

/** Of an API as a whole. */
const WHOLE: LoggedResource = { method: '', target: '' };

/** What the gateways write of the calls to single APIs. The super tenant's administrators decide it for every tenant (`reference/operations.md` §7). */
@Injectable()
export class ApiLogsService {
  constructor(
    private readonly queries: ApiLogsQueries,
    private readonly tenants: TenantsService,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
  ) {}

  /** The levels of a tenant's APIs, or those rows alone that have the level. @throws InvalidPermission (403), TenantNotFound (404), LogLevelUnknown (400). */
  async list(caller: User, tenant: string, level: string | undefined): Promise<readonly LoggedApi[]> {
    checkSuper(caller);
    const wanted = level === undefined || level === '' ? undefined : levelNamed(level);
    if (!(await this.tenants.exists(tenant))) throw TenantNotFound(tenant);
    return this.queries.list(tenant, { level: wanted });
  }

  /** @throws LoggedApiNotFound (404), InvalidPermission (403), NotOfTenant (404). */
  async get(caller: User, tenant: string, apiId: string): Promise<readonly LoggedApi[]> {
    const owner = found(isUUID(apiId) ? await this.queries.tenantOf(apiId) : undefined, LoggedApiNotFound, apiId);
    checkSuper(caller);
    if (owner !== tenant) throw NotOfTenant();
    return this.queries.list(tenant, { apiId });
  }

  /**
   * Sets the level of an API or of one of its resources, and tells the gateways.
   * @throws LoggedApiNotFound (404), InvalidPermission (403), LogDataMissing, LogLevelUnknown (400), NotOfTenant, LoggedResourceNotFound (404).
   */
  set(caller: User, tenant: string, apiId: string, wish: LogWish): Promise<LoggedApi> {
    if (!isUUID(apiId)) throw LoggedApiNotFound(apiId);
    return this.transactions.run(async (tx) => {
      const owner = found(await this.queries.tenantOf(apiId, tx.em), LoggedApiNotFound, apiId);
      checkSuper(caller);
      const { level, ...resource } = checked(wish);
      if (owner !== tenant) throw NotOfTenant();
      const current = (await this.queries.list(tenant, { apiId }, tx.em)).find(
        ({ method, target }) => method === resource.method && target === resource.target,
      );
      const { context } = found(current, LoggedResourceNotFound);
      await this.write(tx, { organization: tenant, apiId, ...resource, level });
      await this.tellGateways(tx, tenant, apiId);
      const info = { apiId, logLevel: level, ...(resource.method !== '' && { resource: `${resource.method} ${resource.target}` }) };
      tx.raise('audited', { organization: tenant, type: 'ApiLogLevel', action: 'updated', info });
      return { apiId, context, ...resource, level };
    });
  }

  private async write(tx: Tx, row: ApiLogLevelEntity): Promise<void> {
    const { organization, apiId, method, target } = row;
    if (row.level === 'OFF') await tx.em.delete(ApiLogLevelEntity, { organization, apiId, method, target });
    else await tx.em.upsert(ApiLogLevelEntity, row, ['apiId', 'method', 'target']);
  }

  private async tellGateways(tx: Tx, organization: string, apiId: string): Promise<void> {
    const rows = await tx.em.findBy(ApiLogLevelEntity, { organization, apiId });
    if (rows.length === 0) {
      await this.feed.remove(tx, organization, 'api-log-level', apiId);
      return;
    }
    const level = rows.find(({ method }) => method === '')?.level ?? 'OFF';
    const resources = rows
      .filter(({ method }) => method !== '')
      .map((row) => ({ method: row.method, target: row.target, level: row.level }));
    await this.feed.put(tx, organization, 'api-log-level', apiId, { level, resources });
  }
}

const checkSuper = (caller: User): void => {
  if (caller.organization !== SUPER_TENANT) throw InvalidPermission();
};

const levelNamed = (text: string): LogLevel => {
  const upper = text.toUpperCase();
  const level = LOG_LEVELS.find((each) => each === upper);
  if (level === undefined) throw LogLevelUnknown();
  return level;
};

const checked = ({ level, method, path }: LogWish): LoggedResource & { readonly level: LogLevel } => {
  if (!level) throw LogDataMissing();
  const named = levelNamed(level);
  if (!method !== !path) throw LogDataMissing();
  return method && path ? { method: method.toUpperCase(), target: path, level: named } : { ...WHOLE, level: named };
};
