import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { QueryDeepPartialEntity, Repository } from 'typeorm';
import type { Api, ApiRef, EndpointConfig } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { ApiEntity } from '../api.entity.js';
import { ApisForChange } from '../apis-for-change.js';
import { sealSecrets, withoutKnownPasswords } from '../endpoint-secrets.js';
import { type ApiEndpoint, ApiEndpointEntity } from './api-endpoint.entity.js';
import { defaultEndpoints, endpointOf, isDefaultEndpoint, type SentEndpoint } from './api-endpoint-rules.js';
import { ApiEndpointNotFound, ApiEndpointReadOnly, PrimaryEndpointKept } from './api-endpoints.problems.js';

/** May refuse on seeing the endpoint as it is before a change. */
type Unchanged = (current: ApiEndpoint) => void;

/** The endpoints of an API: those of its `endpointConfig`, which are read here only, and those it has beside them. */
@Injectable()
export class ApiEndpointsService {
  constructor(
    @InjectRepository(ApiEndpointEntity) private readonly endpoints: Repository<ApiEndpointEntity>,
    private readonly apis: ApisForChange,
    private readonly secrets: Secrets,
    private readonly transactions: Transactions,
  ) {}

  /** One page, those of `endpointConfig` first, then by name. @throws ApiNotFound (404), Forbidden (403). */
  async list(
    caller: User,
    ref: ApiRef,
    { limit, offset }: PageQuery,
  ): Promise<{ readonly items: readonly ApiEndpoint[]; readonly total: number }> {
    const { organization, id: apiId, details } = await this.apis.read(caller, ref);
    const defaults = defaultEndpoints(details.endpointConfig);
    const first = defaults.slice(offset, offset + limit);
    const where = { organization, apiId };
    const total = defaults.length + (await this.endpoints.countBy(where));
    const take = limit - first.length;
    const skip = Math.max(0, offset - defaults.length);
    // To the driver a page of no rows is one without a limit.
    const own = take > 0 ? await this.endpoints.find({ where, order: { name: 'ASC', id: 'ASC' }, skip, take }) : [];
    return { items: [...first, ...own], total };
  }

  /** @throws ApiEndpointNotFound, ApiNotFound (404), Forbidden (403). */
  async get(caller: User, ref: ApiRef, id: string): Promise<ApiEndpoint> {
    const { organization, id: apiId, details } = await this.apis.read(caller, ref);
    const standing = defaultEndpoints(details.endpointConfig).find((endpoint) => endpoint.id === id);
    const own = isUUID(id) ? await this.endpoints.findOneBy({ organization, apiId, id }) : null;
    return found(standing ?? own, ApiEndpointNotFound, id);
  }

  /** @throws ApiNotFound (404), Forbidden, LiveApiNeedsPublisher (403) and the problems of {@link endpointOf}. */
  create(caller: User, ref: ApiRef, sent: SentEndpoint): Promise<ApiEndpoint> {
    return this.transactions.run(async (tx) => {
      const { organization, id: apiId, type } = await this.apis.lock(tx, caller, ref);
      const { config, ...endpoint } = endpointOf(sent, type);
      const row = { ...endpoint, config: this.sealed(config, null), id: randomUUID(), apiId, organization };
      // The partial type of inserts cannot express a document with values of unknown type.
      await tx.em.insert(ApiEndpointEntity, row as QueryDeepPartialEntity<ApiEndpointEntity>);
      return row;
    });
  }

  /** Replaces an endpoint; secrets that come in empty are kept. @throws ApiEndpointReadOnly (902042), ApiEndpointNotFound, as {@link create}. */
  update(caller: User, ref: ApiRef, id: string, sent: SentEndpoint, unchanged: Unchanged): Promise<ApiEndpoint> {
    return this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, ref);
      const current = await this.own(tx, api, id);
      unchanged(current);
      const { config, ...endpoint } = endpointOf(sent, api.type);
      const change = { ...endpoint, config: this.sealed(config, current.config) };
      const where = { organization: api.organization, apiId: api.id, id };
      await tx.em.update(ApiEndpointEntity, where, change as QueryDeepPartialEntity<ApiEndpointEntity>); // as above
      return { ...current, ...change };
    });
  }

  /** @throws ApiEndpointReadOnly (902042), PrimaryEndpointKept (902048), ApiEndpointNotFound, ApiNotFound (404), Forbidden, LiveApiNeedsPublisher (403). */
  async remove(caller: User, ref: ApiRef, id: string, unchanged: Unchanged): Promise<void> {
    await this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, ref);
      const { organization, details } = api;
      unchanged(await this.own(tx, api, id));
      if ([details.primaryProductionEndpointId, details.primarySandboxEndpointId].includes(id)) throw PrimaryEndpointKept(id);
      await tx.em.delete(ApiEndpointEntity, { organization, apiId: api.id, id });
      // Later than the last change in any case: whoever plans to make this endpoint the primary one notices.
      const updatedAt = new Date(Math.max(Date.now(), api.updatedAt.getTime() + 1));
      await tx.em.update(ApiEntity, { organization, id: api.id }, { updatedAt, updatedBy: shownName(caller) });
    });
  }

  private async own(tx: Tx, { organization, id: apiId }: Pick<Api, 'organization' | 'id'>, id: string): Promise<ApiEndpointEntity> {
    if (isDefaultEndpoint(id)) throw ApiEndpointReadOnly(id);
    return found(isUUID(id) ? await tx.em.findOneBy(ApiEndpointEntity, { organization, apiId, id }) : null, ApiEndpointNotFound, id);
  }

  private sealed(config: EndpointConfig, stored: EndpointConfig | null): EndpointConfig {
    const changed = withoutKnownPasswords(config, stored, (sealed) => this.secrets.decrypt(sealed));
    return sealSecrets(changed, stored, (plain) => this.secrets.encrypt(plain));
  }
}
