import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, Not, type Repository } from 'typeorm';
import type { Application } from '../../domain/application.js';
import type { KeyType } from '../../domain/gateway-documents.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { ClientSecrets } from '../../keys/clients/client-secrets.js';
import type { ClientSecret } from '../../keys/clients/oauth-client.js';
import { KeyManagersService } from '../../keys/managers/key-managers.service.js';
import { onConflict, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { ApplicationReads } from '../application-reads.js';
import { ApplicationKeyEntity, type KeySettings } from './application-key.entity.js';
import { ClientMappedElsewhere, KeyManagerNotRegistered, KeyMappingExists, KeyMappingNotFound } from './application-keys.problems.js';

/** A key mapping with the secrets of its client, oldest first. */
export interface ApplicationKey {
  readonly mapping: ApplicationKeyEntity;
  readonly secrets: readonly ClientSecret[];
}

/** What is known of keys before their client is. */
export type NewMapping = Pick<ApplicationKeyEntity, 'keyType' | 'keyManagerOrganization' | 'keyManager' | 'mode' | 'settings'>;

/** What a client adds to its keys. */
export interface MappedClient {
  readonly consumerKey: string;
  readonly settings: KeySettings;
  /** Encrypted; only of a client at an outside key manager. */
  readonly clientSecret?: string | null;
}

/** The rows of keys, each with the document that tells the gateways of it. */
@Injectable()
export class KeyMappings implements OnApplicationBootstrap {
  constructor(
    @InjectRepository(ApplicationKeyEntity) private readonly rows: Repository<ApplicationKeyEntity>,
    private readonly applications: ApplicationReads,
    private readonly keyManagers: KeyManagersService,
    private readonly secrets: ClientSecrets,
    private readonly feed: Feed,
  ) {}

  /** With hashing on, what is known of outside clients' secrets goes too. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.secrets.hashesOnly) await this.rows.update({ clientSecret: Not(IsNull()) }, { clientSecret: null });
  }

  /** All of the application, whichever tenant's key managers they are at, in the order they were made; at most two for each key manager. */
  ofApplication(organization: string, applicationId: string, em: EntityManager): Promise<readonly ApplicationKeyEntity[]> {
    return em.find(ApplicationKeyEntity, { where: { organization, applicationId }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /** As {@link ofApplication}, those at the key managers of one tenant; inside a transaction when its manager is given. */
  atTenant(
    organization: string,
    applicationId: string,
    keyManagerOrganization: string,
    em: EntityManager = this.rows.manager,
  ): Promise<readonly ApplicationKeyEntity[]> {
    return em.find(ApplicationKeyEntity, {
      where: { organization, applicationId, keyManagerOrganization },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  find(organization: string, applicationId: string, id: string): Promise<ApplicationKeyEntity | null> {
    return this.rows.findOneBy({ organization, applicationId, id });
  }

  ofType(organization: string, applicationId: string, keyManager: string, keyType: KeyType): Promise<ApplicationKeyEntity | null> {
    return this.rows.findOneBy({ organization, applicationId, keyManagerOrganization: organization, keyManager, keyType });
  }

  /** Reserves the application's place for keys of this type, before there is a client, and keeps its key manager. @throws KeyMappingExists (409), ApplicationNotFound (404), KeyManagerNotRegistered (400) when it is gone meanwhile */
  async reserve(tx: Tx, caller: User, application: Application, mapping: NewMapping): Promise<ApplicationKeyEntity> {
    await this.applications.hold(tx, caller, application.id);
    const missing = await this.keyManagers.hold(tx, mapping.keyManagerOrganization, [mapping.keyManager]);
    if (missing.length > 0) throw KeyManagerNotRegistered();
    const row = tx.em.create(ApplicationKeyEntity, {
      ...{ id: randomUUID(), organization: application.organization, applicationId: application.id },
      ...{ consumerKey: null, clientSecret: null, state: 'CREATED', ...mapping },
    });
    await tx.em.insert(ApplicationKeyEntity, row).catch(onConflict('application_keys_type', () => KeyMappingExists()));
    return row;
  }

  /** Gives reserved keys their client. @throws ClientMappedElsewhere (409), KeyMappingNotFound (404) when they were removed meanwhile */
  async complete(tx: Tx, row: ApplicationKeyEntity, client: MappedClient): Promise<ApplicationKeyEntity> {
    const { id, organization, keyManagerOrganization, applicationId, keyManager, keyType } = row;
    const change = { ...client, state: 'COMPLETED' as const };
    const { affected } = await tx.em
      .update(ApplicationKeyEntity, { organization, id }, change)
      .catch(onConflict('application_keys_client', () => ClientMappedElsewhere()));
    if (affected === 0) throw KeyMappingNotFound(id);
    const { consumerKey } = client;
    const document = { consumerKey, keyManager, applicationId, keyType };
    // Tokens are checked by the key managers of the API's tenant.
    await this.feed.put(tx, keyManagerOrganization, 'key-mapping', documentKey(keyManager, consumerKey), document);
    return Object.assign(row, change);
  }

  /** The keys as they are now, to be changed, kept from other changes until the transaction ends. @throws KeyMappingNotFound (404) */
  async lock(tx: Tx, caller: User, { organization, applicationId, id }: ApplicationKeyEntity): Promise<ApplicationKeyEntity> {
    await this.applications.hold(tx, caller, applicationId, 'edit');
    const where = { organization, applicationId, id };
    return found(await tx.em.findOne(ApplicationKeyEntity, { where, lock: { mode: 'pessimistic_write' } }), KeyMappingNotFound, id);
  }

  /** Forgets the keys; their client is somebody else's business. False when they were gone already. */
  async remove(tx: Tx, { id, organization, keyManagerOrganization, keyManager, consumerKey }: ApplicationKeyEntity): Promise<boolean> {
    const { affected } = await tx.em.delete(ApplicationKeyEntity, { organization, id });
    if (!affected) return false;
    if (consumerKey !== null) await this.feed.remove(tx, keyManagerOrganization, 'key-mapping', documentKey(keyManager, consumerKey));
    return true;
  }
}

const documentKey = (keyManager: string, consumerKey: string): string => `${keyManager}:${consumerKey}`;
