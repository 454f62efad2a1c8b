import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { IsNull, Not } from 'typeorm';
import { ApplicationReads } from '../applications/application-reads.js';
import { isActive } from '../domain/application.js';
import type { KeyType } from '../domain/gateway-documents.js';
import { BadRequest, found } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Revocations } from '../keys/revocations/revocations.service.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { Transactions } from '../platform/database/transactions.js';
import { ApiKeyRows, type IssuedKey, type KeyRequest } from './api-key-rows.js';
import { ApiKeyNotAssociated, ApiKeyNotFound, LegacyKeysDisabled } from './api-keys.problems.js';
import { ApiKeysQueries, type ListedKey } from './api-keys.queries.js';
import { hashOf } from './key-value.js';
import { SignedApiKeys } from './signed-api-keys.js';

/** An application of the caller, and the type of the keys in question. */
export interface ApplicationPlace {
  readonly applicationId: string;
  readonly keyType: KeyType;
}

/**
 * Keys of applications, which open every API the application is subscribed to, and the associations of an application. Keys of applications are made only
 * where `apim.devportal.enable_legacy_api_keys` says so; those that exist can always be seen and revoked.
 */
@Injectable()
export class ApplicationApiKeysService {
  constructor(
    private readonly rows: ApiKeyRows,
    private readonly queries: ApiKeysQueries,
    private readonly applications: ApplicationReads,
    private readonly signedKeys: SignedApiKeys,
    private readonly revocations: Revocations,
    private readonly transactions: Transactions,
    private readonly config: ApimConfig,
  ) {}

  /** The caller's keys of the application. @throws ApplicationNotFound (404), NotYourApplication (403). */
  async list(caller: User, { applicationId, keyType }: ApplicationPlace): Promise<readonly ListedKey[]> {
    await this.applications.get(caller, applicationId);
    return this.queries.ofApplication(caller, applicationId, keyType);
  }

  /** The caller's keys of subscribed APIs that could be associated with the application. */
  async associable(caller: User, { applicationId, keyType }: ApplicationPlace): Promise<readonly ListedKey[]> {
    await this.applications.get(caller, applicationId);
    return this.queries.associableWith(caller, applicationId, keyType);
  }

  /** The caller's keys of APIs that are associated with the application. */
  async associated(caller: User, { applicationId, keyType }: ApplicationPlace): Promise<readonly ListedKey[]> {
    await this.applications.get(caller, applicationId);
    return this.queries.associatedWith(caller, applicationId, keyType);
  }

  /** @throws LegacyKeysDisabled (400), ApplicationNotFound (404), NotYourApplication (403). */
  async generate(caller: User, applicationId: string, request: KeyRequest): Promise<IssuedKey> {
    this.refuseUnlessEnabled();
    if (!isActive(await this.applications.get(caller, applicationId))) throw BadRequest('Application is not approved');
    const { organization, name: owner } = caller;
    return this.transactions.run(async (tx) => {
      await this.applications.hold(tx, caller, applicationId);
      return this.rows.add(tx, { ...request, organization, owner, apiId: null, applicationId });
    });
  }

  /** @throws as {@link generate}, and ApiKeyNotFound (404). */
  async regenerate(caller: User, place: ApplicationPlace, keyId: string): Promise<IssuedKey> {
    this.refuseUnlessEnabled();
    const where = await this.own(caller, place, keyId);
    return this.transactions.run(async (tx) => {
      await this.applications.hold(tx, caller, place.applicationId);
      return this.rows.renew(tx, await this.rows.locked(tx, where, keyId));
    });
  }

  /** @throws ApiKeyNotFound (404). */
  async revoke(caller: User, place: ApplicationPlace, keyId: string): Promise<void> {
    const where = await this.own(caller, place, keyId);
    await this.transactions.run(async (tx) => this.rows.remove(tx, await this.rows.locked(tx, where, keyId)));
  }

  /** Revokes a key by its value, also one that an older release signed. @throws ApiKeyNotFound (404). */
  async revokeValue(caller: User, { applicationId, keyType }: ApplicationPlace, value: string): Promise<void> {
    const { organization, name: owner } = await this.ownerOf(caller, applicationId);
    const signed = this.signedKeys.read(value);
    await this.transactions.run(async (tx) => {
      if (signed === undefined) {
        const where = { organization, owner, applicationId, keyType, apiId: IsNull(), hash: hashOf(value) };
        await this.rows.remove(tx, await this.rows.locked(tx, where, ''));
        return;
      }
      found(signed.applicationId === applicationId ? signed : null, ApiKeyNotFound, '');
      await this.revocations.revokeToken(tx, organization, signed.jti, signed.expiresAt);
    });
  }

  /** @throws ApiKeyNotAssociated (404). */
  async dissociate(caller: User, { applicationId, keyType }: ApplicationPlace, id: string): Promise<void> {
    const { organization, name: owner } = await this.ownerOf(caller, applicationId);
    if (!isUUID(id)) throw ApiKeyNotAssociated();
    await this.transactions.run(async (tx) => {
      const key = await this.rows.find(tx, { id, organization, owner, applicationId, keyType, apiId: Not(IsNull()) });
      await this.rows.associate(tx, found(key, ApiKeyNotAssociated), null);
    });
  }

  private async ownerOf(caller: User, applicationId: string): Promise<User> {
    await this.applications.get(caller, applicationId);
    return caller;
  }

  /** Where the caller's own key of the application is. */
  private async own(caller: User, { applicationId, keyType }: ApplicationPlace, id: string) {
    const { organization, name: owner } = await this.ownerOf(caller, applicationId);
    if (!isUUID(id)) throw ApiKeyNotFound(id);
    return { id, organization, owner, applicationId, keyType, apiId: IsNull() };
  }

  private refuseUnlessEnabled(): void {
    if (!this.config.devportal.enableLegacyApiKeys) throw LegacyKeysDisabled();
  }
}
