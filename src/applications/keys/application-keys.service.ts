import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import { type Application, isActive } from '../../domain/application.js';
import type { KeyType } from '../../domain/gateway-documents.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { ClientSecret } from '../../keys/clients/oauth-client.js';
import { OAuthClientsService } from '../../keys/clients/oauth-clients.service.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { ApplicationReads } from '../application-reads.js';
import { ApplicationKeyEntity } from './application-key.entity.js';
import { ApplicationNotApproved, KeyMappingExists, KeyMappingNotFound } from './application-keys.problems.js';
import { checkCallback, clientSettings, type Properties, storedProperties } from './resident-properties.js';
import { UsableKeyManagers } from './usable-key-managers.js';

export interface KeyRequest {
  readonly keyType: KeyType;
  readonly keyManager: string | undefined;
  readonly grantTypes: readonly string[];
  readonly callbackUrl: string;
  readonly properties: Properties;
}

/** What a change of keys names; the rest stays. */
export type KeyChange = Partial<Pick<KeyRequest, 'grantTypes' | 'callbackUrl' | 'properties'>>;

/** A key mapping with the secrets of its client, oldest first. */
export interface ApplicationKey {
  readonly mapping: ApplicationKeyEntity;
  readonly secrets: readonly ClientSecret[];
}

/** The keys of applications: OAuth clients at a key manager, and which application each acts for. */
@Injectable()
export class ApplicationKeysService {
  constructor(
    @InjectRepository(ApplicationKeyEntity) private readonly keys: Repository<ApplicationKeyEntity>,
    private readonly applications: ApplicationReads,
    private readonly keyManagers: UsableKeyManagers,
    private readonly clients: OAuthClientsService,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
  ) {}

  /** The keys of one of the caller's applications. */
  async list(caller: User, applicationId: string): Promise<readonly ApplicationKey[]> {
    const { organization } = await this.applications.get(caller, applicationId);
    return this.ofApplication(organization, applicationId);
  }

  /** The keys of an application whose owner was checked before; at most two for each key manager. */
  async ofApplication(organization: string, applicationId: string): Promise<readonly ApplicationKey[]> {
    const mappings = await this.keys.find({ where: { organization, applicationId }, order: { createdAt: 'ASC', id: 'ASC' } });
    return Promise.all(mappings.map((mapping) => this.withSecrets(mapping)));
  }

  /** @throws KeyMappingNotFound (404), and what {@link ApplicationReads.get} throws. */
  async get(caller: User, applicationId: string, id: string): Promise<ApplicationKey> {
    return this.withSecrets(await this.mapping(caller, applicationId, id));
  }

  /** The mapping alone, without its secrets. */
  async mapping(caller: User, applicationId: string, id: string): Promise<ApplicationKeyEntity> {
    const { organization } = await this.applications.get(caller, applicationId);
    const mapping = isUUID(id) ? await this.keys.findOneBy({ organization, applicationId, id }) : null;
    return found(mapping, KeyMappingNotFound, id);
  }

  /** Id of the application's keys of this type at the resident key manager, which older clients address by the type alone. */
  async idByType(caller: User, applicationId: string, keyType: string): Promise<string> {
    const { organization } = await this.applications.get(caller, applicationId);
    const { name } = await this.keyManagers.named(caller, undefined);
    const mapping = isKeyType(keyType) ? await this.keys.findOneBy({ organization, applicationId, keyManager: name, keyType }) : null;
    return found(mapping, KeyMappingNotFound, keyType).id;
  }

  /**
   * Registers an OAuth client for the application.
   * @throws KeyMappingExists (409), CallbackMissing, PropertiesInvalid, ApplicationNotApproved (400) and what the key manager's state forbids.
   */
  async generate(caller: User, applicationId: string, request: KeyRequest): Promise<ApplicationKey> {
    const application = await this.applications.get(caller, applicationId);
    if (!isActive(application)) throw ApplicationNotApproved();
    const keyManager = await this.keyManagers.forClients(caller, request.keyManager);
    const { keyType, grantTypes, callbackUrl, properties } = request;
    checkCallback(grantTypes, callbackUrl);
    const settings = { grantTypes, callbackUrl, properties: storedProperties(properties) };
    const { organization } = application;
    const client = {
      owner: application.owner,
      name: clientName(application, keyType),
      grantTypes,
      callbackUrl,
      ...clientSettings(properties),
    };
    const mapping = await this.transactions.run(async (tx) => {
      await this.applications.hold(tx, caller, applicationId);
      const row = tx.em.create(ApplicationKeyEntity, {
        ...{ id: randomUUID(), organization, applicationId, keyType, keyManager: keyManager.name },
        ...{ consumerKey: null, mode: 'CREATED', state: 'COMPLETED', settings },
      });
      // Before the client, so that the second of two requests at once learns that the keys exist.
      await tx.em.insert(ApplicationKeyEntity, row).catch(onConflict('application_keys_type', () => KeyMappingExists()));
      const named = { ...client, displayName: application.name, tokenType: application.tokenType };
      const { clientId } = await this.clients.register(tx, organization, named);
      await tx.em.update(ApplicationKeyEntity, { organization, id: row.id }, { consumerKey: clientId });
      const document = { consumerKey: clientId, keyManager: keyManager.name, applicationId, keyType };
      await this.feed.put(tx, organization, 'key-mapping', documentKey(keyManager.name, clientId), document);
      return Object.assign(row, { consumerKey: clientId });
    });
    return this.withSecrets(mapping);
  }

  /** Changes the client's grants, callback and properties. @throws CallbackMissing, PropertiesInvalid (400), KeyMappingNotFound (404). */
  async update(caller: User, applicationId: string, id: string, change: KeyChange): Promise<ApplicationKey> {
    const { organization } = await this.mapping(caller, applicationId, id);
    const changed = await this.transactions.run(async (tx) => {
      await this.applications.hold(tx, caller, applicationId);
      const where = { organization, applicationId, id };
      const locked = await tx.em.findOne(ApplicationKeyEntity, { where, lock: { mode: 'pessimistic_write' } });
      const mapping = found(locked, KeyMappingNotFound, id);
      const { grantTypes, callbackUrl, properties } = { ...mapping.settings, ...change };
      checkCallback(grantTypes, callbackUrl);
      mapping.settings = { grantTypes, callbackUrl, properties: storedProperties(properties) };
      await tx.em.save(mapping);
      if (mapping.consumerKey) {
        await this.clients.update(tx, organization, mapping.consumerKey, { grantTypes, callbackUrl, ...clientSettings(properties) });
      }
      return mapping;
    });
    return this.withSecrets(changed);
  }

  /** Removes the keys and their OAuth client, whose tokens stop working. @throws KeyMappingNotFound (404). */
  async remove(caller: User, applicationId: string, id: string): Promise<void> {
    const mapping = await this.mapping(caller, applicationId, id);
    await this.transactions.run(async (tx) => {
      await this.applications.hold(tx, caller, applicationId);
      await this.removeMapping(tx, mapping);
    });
  }

  /** Removes all keys of an application that is being deleted. */
  async removeAll(tx: Tx, organization: string, applicationId: string): Promise<void> {
    for (const mapping of await tx.em.findBy(ApplicationKeyEntity, { organization, applicationId })) await this.removeMapping(tx, mapping);
  }

  private async removeMapping(tx: Tx, { id, organization, keyManager, consumerKey, mode }: ApplicationKeyEntity): Promise<void> {
    const { affected } = await tx.em.delete(ApplicationKeyEntity, { organization, id });
    if (affected === 0) throw KeyMappingNotFound(id);
    if (consumerKey === null) return;
    // A mapped client was not made for the application: it lives on.
    if (mode === 'CREATED') await this.clients.remove(tx, organization, consumerKey);
    await this.feed.remove(tx, organization, 'key-mapping', documentKey(keyManager, consumerKey));
  }

  private async withSecrets(mapping: ApplicationKeyEntity): Promise<ApplicationKey> {
    const secrets = mapping.consumerKey === null ? [] : await this.clients.secrets(mapping.organization, mapping.consumerKey);
    return { mapping, secrets };
  }
}

const isKeyType = (text: string): text is KeyType => text === 'PRODUCTION' || text === 'SANDBOX';

/** What the client is called at the key manager, and on its consent page (`reference/key-manager.md` §10). */
const clientName = (application: Application, keyType: KeyType): string =>
  `${shownName({ name: application.owner, organization: application.organization })}_${application.id}_${keyType}`;

const documentKey = (keyManager: string, consumerKey: string): string => `${keyManager}:${consumerKey}`;
