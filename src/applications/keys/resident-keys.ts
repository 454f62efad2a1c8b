import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Application } from '../../domain/application.js';
import type { KeyType } from '../../domain/gateway-documents.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { ClientSecrets, type SecretOptions } from '../../keys/clients/client-secrets.js';
import { isOwnedBy, type NewClientSecret, type OAuthClient } from '../../keys/clients/oauth-client.js';
import { OAuthClientsService } from '../../keys/clients/oauth-clients.service.js';
import type { KeyManager } from '../../keys/managers/key-manager.js';
import { constraintsOf } from '../../keys/managers/setting-constraints.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { SubscribedScopes } from '../subscribed-scopes.js';
import type { ApplicationKeyEntity, KeySettings } from './application-key.entity.js';
import {
  ClientNotMappable,
  ClientOfAnother,
  ConsumerKeyInUse,
  ConsumerKeyInvalid,
  KeyNotReady,
  OtherKeysExist,
  ScopeNotSubscribed,
} from './application-keys.problems.js';
import { type ApplicationKey, KeyMappings } from './key-mappings.js';
import type { KeyChange, KeyHome, KeyRequest, MappingRequest } from './key-requests.js';
import { RegistrationRequests } from './registration-requests.js';
import { applicationScopesOf, checkCallback, clientSettings, propertiesOf, storedProperties } from './resident-properties.js';
import type { PreparedKeys } from './restored-keys.js';
import { checkConstraints } from './setting-constraints.js';

/** What may be a client's id here. */
const CONSUMER_KEY = /^[\w.-]{3,255}$/;

/** Keys at the resident key manager: their client is written in the same transaction as they are. */
@Injectable()
export class ResidentKeys {
  constructor(
    private readonly mappings: KeyMappings,
    private readonly clients: OAuthClientsService,
    private readonly secrets: ClientSecrets,
    private readonly requests: RegistrationRequests,
    private readonly subscribed: SubscribedScopes,
    private readonly transactions: Transactions,
    private readonly config: ApimConfig,
  ) {}

  /** Registers a client for the application, or only keeps its place until that is approved. @throws KeyMappingExists (409), CallbackMissing, PropertiesInvalid (400) */
  async generate(caller: User, application: Application, { keyManager, tenant }: KeyHome, request: KeyRequest): Promise<ApplicationKey> {
    const { keyType } = request;
    const place = { keyType, keyManagerOrganization: tenant, keyManager: keyManager.name };
    const settings = await this.checked(application, { keyManager, tenant }, request);
    return this.transactions.run(async (tx) => {
      // Before the client, so that the second of two requests at once learns that the keys exist.
      const row = await this.mappings.reserve(tx, caller, application, { ...place, mode: 'CREATED', settings });
      if ((await this.requests.ask(tx, caller, application, row)) === 'pending') return { mapping: row, secrets: [] };
      return this.register(tx, application, row);
    });
  }

  /** Makes the client of keys that were reserved. */
  async register(tx: Tx, application: Application, row: ApplicationKeyEntity): Promise<ApplicationKey> {
    const { organization, owner, tokenType } = application;
    const { keyType, keyManagerOrganization: tenant, settings } = row;
    const names = { name: clientName(application, keyType), displayName: application.name };
    const owned = { owner, ...(tenant === organization ? {} : { ownerOrganization: organization }) };
    const registration = { ...owned, ...names, tokenType, ...this.clientOf(settings) };
    const { clientId, secret } = await this.clients.register(tx, tenant, registration);
    return { mapping: await this.mappings.complete(tx, row, { consumerKey: clientId, settings }), secrets: [secret] };
  }

  /**
   * Lets a client that exists act for the application. Client ids are no secrets: the caller owns the client or knows its secret.
   * @throws ClientNotMappable (400), KeyMappingExists, ClientMappedElsewhere (409)
   */
  async map(caller: User, application: Application, { keyManager, tenant }: KeyHome, request: MappingRequest): Promise<ApplicationKey> {
    const { consumerKey, consumerSecret, keyType } = request;
    const place = { keyType, keyManagerOrganization: tenant, keyManager: keyManager.name };
    const client = found(await this.clients.find(tenant, consumerKey), ClientNotMappable);
    const proven = consumerSecret ? await this.clients.secretMatches(consumerKey, consumerSecret) : isOwnedBy(client, caller);
    if (!proven) throw ClientNotMappable();
    const settings = { grantTypes: client.grantTypes, callbackUrl: client.callbackUrl, properties: propertiesOf(client) };
    const mapping = await this.transactions.run(async (tx) => {
      const row = await this.mappings.reserve(tx, caller, application, { ...place, mode: 'MAPPED', settings });
      return this.mappings.complete(tx, row, { consumerKey, settings });
    });
    return { mapping, secrets: await this.secrets.of(tenant, consumerKey) };
  }

  /**
   * Gives the application the keys of its archive: a client of that id is made, or changed where it is the application's already. One that another
   * application or user has may be mapped as {@link map} has it. @throws OtherKeysExist, ConsumerKeyInUse (409), CallbackMissing, PropertiesInvalid (400)
   */
  async restore(tx: Tx, owner: User, application: Application, keys: PreparedKeys): Promise<void> {
    const { organization, id } = application;
    const { consumerKey, keyType, keyManager, secrets } = keys;
    if (!CONSUMER_KEY.test(consumerKey)) throw ConsumerKeyInvalid();
    const settings = await this.checked(application, { keyManager, tenant: organization }, keys, tx.em);
    const own = await this.mappings.atTenant(organization, id, organization, tx.em);
    const present = own.find((one) => one.keyManager === keyManager.name && one.keyType === keyType);
    if (present) {
      if (present.consumerKey !== consumerKey) throw OtherKeysExist(keyType, keyManager.name);
      // A mapped client is its owner's to change.
      if (present.mode === 'MAPPED') return;
      await tx.em.save(Object.assign(present, { settings }));
      await this.clients.update(tx, organization, consumerKey, this.clientOf(settings));
      return;
    }
    const client = await this.clients.byClientId(consumerKey);
    if (client && !(await this.isProven(owner, client, keys))) throw ConsumerKeyInUse(consumerKey);
    const mode = client ? 'MAPPED' : 'CREATED';
    const place = { keyType, keyManagerOrganization: organization, keyManager: keyManager.name };
    const row = await this.mappings.reserve(tx, owner, application, { ...place, mode, settings });
    if (!client) {
      const [oldest, ...younger] = this.secrets.readForm === 'plain' ? secrets.slice(-1) : secrets;
      const names = { name: clientName(application, keyType), displayName: application.name };
      const registration = { owner: application.owner, ...names, tokenType: application.tokenType, ...this.clientOf(settings) };
      await this.clients.register(tx, organization, registration, { clientId: consumerKey, ...oldest });
      for (const secret of younger) await this.secrets.insert(tx, organization, consumerKey, secret);
    }
    await this.mappings.complete(tx, row, { consumerKey, settings });
  }

  /** Changes the client's grants, callback and properties. @throws CallbackMissing, PropertiesInvalid (400), KeyMappingNotFound (404). */
  async update(
    caller: User,
    application: Application,
    keyManager: KeyManager,
    { mapping }: ApplicationKey,
    change: KeyChange,
  ): Promise<ApplicationKey> {
    const { keyManagerOrganization: organization } = mapping;
    await this.clientOfKeys(caller, mapping);
    const wanted = await this.checked(application, { keyManager, tenant: organization }, { ...mapping.settings, ...change });
    const changed = await this.transactions.run(async (tx) => {
      const row = await this.mappings.lock(tx, caller, mapping);
      const settings = { ...row.settings, ...picked(wanted, change) };
      row.settings = settings;
      await tx.em.save(row);
      await this.clients.update(tx, organization, found(row.consumerKey, KeyNotReady), this.clientOf(settings));
      return row;
    });
    return { mapping: changed, secrets: await this.secrets.of(organization, found(changed.consumerKey, KeyNotReady)) };
  }

  /** @throws SeveralSecretsOff, TooManySecrets (400), ClientOfAnother (403) */
  async addSecret(caller: User, mapping: ApplicationKeyEntity, options: SecretOptions): Promise<NewClientSecret> {
    this.secrets.assertSeveral();
    const { organization, clientId } = await this.clientOfKeys(caller, mapping);
    return this.transactions.run((tx) => this.secrets.add(tx, organization, clientId, options));
  }

  /** @throws SeveralSecretsOff (400), ClientSecretNotFound (404), NewestSecretStays (400), ClientOfAnother (403) */
  async removeSecret(caller: User, mapping: ApplicationKeyEntity, secretId: string): Promise<void> {
    this.secrets.assertSeveral();
    const { organization, clientId } = await this.clientOfKeys(caller, mapping);
    await this.transactions.run((tx) => this.secrets.remove(tx, organization, clientId, secretId));
  }

  /** A new secret in place of the old one. @throws SeveralSecretsOn (400), ClientOfAnother (403) */
  async regenerateSecret(caller: User, mapping: ApplicationKeyEntity): Promise<NewClientSecret> {
    this.secrets.assertSingle();
    const { organization, clientId } = await this.clientOfKeys(caller, mapping);
    return this.transactions.run((tx) => this.secrets.replace(tx, organization, clientId));
  }

  /** Removes the keys with a client that was made for them; a mapped one lives on. False when they were gone already. */
  async remove(tx: Tx, mapping: ApplicationKeyEntity): Promise<boolean> {
    if (!(await this.mappings.remove(tx, mapping))) return false;
    if (mapping.consumerKey !== null && mapping.mode === 'CREATED')
      await this.clients.remove(tx, mapping.keyManagerOrganization, mapping.consumerKey);
    return true;
  }

  /** Makes the client that was made for the keys belong to the application's owner, in whose tenant the owner before was as well. */
  async handOver(
    tx: Tx,
    application: Application,
    { mode, keyType, keyManagerOrganization, consumerKey }: ApplicationKeyEntity,
  ): Promise<void> {
    if (mode !== 'CREATED' || consumerKey === null) return;
    const change = { owner: application.owner, name: clientName(application, keyType) };
    await this.clients.update(tx, keyManagerOrganization, consumerKey, change);
  }

  /** The client that the caller may change: whoever mapped a client may use it, but only its owner changes it. */
  private async clientOfKeys(caller: User, mapping: ApplicationKeyEntity): Promise<OAuthClient> {
    const clientId = found(mapping.consumerKey, KeyNotReady);
    const client = found(await this.clients.findAny(mapping.keyManagerOrganization, clientId), KeyNotReady);
    if (mapping.mode === 'MAPPED' && !isOwnedBy(client, caller)) throw ClientOfAnother();
    return client;
  }

  /** Whether an archive's keys may be mapped to a client that exists. */
  private async isProven(owner: User, client: OAuthClient, { mode, secrets }: PreparedKeys): Promise<boolean> {
    if (mode !== 'MAPPED' || client.organization !== owner.organization) return false;
    if (isOwnedBy(client, owner)) return true;
    const newest = secrets.at(-1)?.value.plain;
    return newest !== undefined && this.clients.secretMatches(client.clientId, newest);
  }

  private async checked(
    { organization, id }: Application,
    { keyManager, tenant }: KeyHome,
    { grantTypes, callbackUrl, properties }: Pick<KeyRequest, 'grantTypes' | 'callbackUrl' | 'properties'>,
    em?: EntityManager,
  ): Promise<KeySettings> {
    checkCallback(grantTypes, callbackUrl);
    const stored = storedProperties(properties);
    checkConstraints(stored, constraintsOf(keyManager));
    if (this.hasApplicationScopes) {
      const scopes = await this.subscribed.of(organization, id, tenant, em);
      const foreign = applicationScopesOf(stored).find((scope) => !scopes.has(scope));
      if (foreign !== undefined) throw ScopeNotSubscribed(foreign);
    }
    return { grantTypes, callbackUrl, properties: stored };
  }

  private clientOf({ grantTypes, callbackUrl, properties }: KeySettings) {
    const settings = clientSettings(properties);
    // Those listed while the switch is off were not checked, and must not open anything once it is on.
    return { grantTypes, callbackUrl, ...settings, scopes: this.hasApplicationScopes ? settings.scopes : [] };
  }

  private get hasApplicationScopes(): boolean {
    return this.config.keyManager.enableApplicationScopesForResidentKm;
  }
}

const picked = (wanted: KeySettings, change: KeyChange): Partial<KeySettings> => ({
  ...(change.grantTypes && { grantTypes: wanted.grantTypes }),
  ...(change.callbackUrl !== undefined && { callbackUrl: wanted.callbackUrl }),
  ...(change.properties && { properties: wanted.properties }),
});

/** What the client is called at the key manager, and on its consent page (`reference/key-manager.md` §10). */
export const clientName = (application: Application, keyType: KeyType): string =>
  `${shownName({ name: application.owner, organization: application.organization })}_${application.id}_${keyType}`;
