import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { PortalApisService } from '../apis/portal/portal-apis.service.js';
import { ApplicationReads } from '../applications/application-reads.js';
import type { KeyType } from '../domain/gateway-documents.js';
import { isSubscriptionless } from '../domain/subscriptionless.js';
import type { User } from '../domain/user.js';
import { Transactions, type Tx } from '../platform/database/transactions.js';
import { SubscriptionReads } from '../subscriptions/subscription-reads.js';
import type { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyRows, type IssuedKey, type KeyRequest } from './api-key-rows.js';
import { ApiKeyNotAssociated, ApiKeyNotFound, NotSubscribed } from './api-keys.problems.js';
import { ApiKeysQueries, type ListedKey } from './api-keys.queries.js';

/** What ties a key to an application. */
export interface Association {
  readonly keyId: string;
  readonly apiId: string;
  readonly applicationId: string;
  /** When given, a key of another type is not found. */
  readonly keyType?: KeyType;
}

/** The names an association is shown with. */
export interface AssociatedNames {
  readonly keyName: string;
  readonly apiName: string;
  readonly applicationName: string;
}

/**
 * Keys of APIs, which every user makes and sees alone (`reference/devportal.md` §7). What makes a key usable asks whether the user may open the API;
 * what takes it away does not.
 */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly rows: ApiKeyRows,
    private readonly queries: ApiKeysQueries,
    private readonly apis: PortalApisService,
    private readonly applications: ApplicationReads,
    private readonly subscriptions: SubscriptionReads,
    private readonly transactions: Transactions,
  ) {}

  /** The caller's keys of the API. @throws ApiNotFound (404), HiddenApi (403). */
  async list(caller: User, apiId: string): Promise<readonly ListedKey[]> {
    await this.apis.readable(viewer(caller), apiId);
    return this.queries.ofApi(caller, apiId);
  }

  /** As {@link list}, whatever has become of the API. */
  async owned(caller: User, apiId: string): Promise<readonly ListedKey[]> {
    return isUUID(apiId) ? this.queries.ofApi(caller, apiId) : [];
  }

  /** @throws ApiNotFound (404), HiddenApi (403). */
  generate(caller: User, apiId: string, request: KeyRequest): Promise<IssuedKey> {
    return this.transactions.run(async (tx) => {
      const api = await this.apis.hold(tx, viewer(caller), apiId);
      const { organization, name: owner } = caller;
      return this.rows.add(tx, { ...request, organization, owner, apiId: api.id, applicationId: null });
    });
  }

  /** A new value for the key, whose settings stay. @throws ApiNotFound, ApiKeyNotFound (404), HiddenApi (403). */
  regenerate(caller: User, apiId: string, keyId: string): Promise<IssuedKey> {
    return this.transactions.run(async (tx) => {
      await this.apis.hold(tx, viewer(caller), apiId);
      return this.rows.renew(tx, await this.own(tx, caller, apiId, keyId));
    });
  }

  /** @throws ApiKeyNotFound (404). */
  async revoke(caller: User, apiId: string, keyId: string): Promise<void> {
    await this.transactions.run(async (tx) => this.rows.remove(tx, await this.own(tx, caller, apiId, keyId)));
  }

  /**
   * Lets the key use the application's subscription to the API, in place of another one's if it was associated before.
   * @throws ApplicationNotFound, ApiNotFound, ApiKeyNotFound (404), NotYourApplication, HiddenApi (403), NotSubscribed (400).
   */
  async associate(caller: User, { keyId, apiId, applicationId, keyType }: Association): Promise<AssociatedNames> {
    await this.applications.get(caller, applicationId);
    return this.transactions.run(async (tx) => {
      const application = await this.applications.hold(tx, caller, applicationId);
      const api = await this.apis.hold(tx, viewer(caller), apiId);
      const isSubscribed = await this.subscriptions.hold(tx, caller.organization, api.id, applicationId);
      if (!isSubscribed && !isSubscriptionless(api.policies)) throw NotSubscribed(application.name, api.name);
      const key = await this.own(tx, caller, apiId, keyId, keyType);
      await this.rows.associate(tx, key, applicationId);
      return { keyName: key.name, apiName: api.name, applicationName: application.name };
    });
  }

  /** @throws ApiKeyNotFound, ApiKeyNotAssociated (404). */
  async dissociate(caller: User, apiId: string, keyId: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const key = await this.own(tx, caller, apiId, keyId);
      if (key.applicationId === null) throw ApiKeyNotAssociated();
      await this.rows.associate(tx, key, null);
    });
  }

  /** The caller's own key of the API, locked. */
  private own(tx: Tx, { organization, name: owner }: User, apiId: string, id: string, keyType?: KeyType): Promise<ApiKeyEntity> {
    if (!isUUID(id) || !isUUID(apiId)) throw ApiKeyNotFound(id);
    return this.rows.locked(tx, { id, organization, owner, apiId, ...(keyType && { keyType }) }, id);
  }
}

const viewer = (caller: User) => ({ organization: caller.organization, caller });
