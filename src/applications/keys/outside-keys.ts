import { Injectable } from '@nestjs/common';
import type { Application } from '../../domain/application.js';
import { found, Problem } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { hashOf, isOneOf } from '../../keys/clients/client-secret.js';
import { ClientSecrets } from '../../keys/clients/client-secrets.js';
import type { ClientSecret, NewClientSecret } from '../../keys/clients/oauth-client.js';
import type { ClientRequest, ConnectedClient, ConnectedToken } from '../../keys/connectors/connector.js';
import type { KeyManager } from '../../keys/managers/key-manager.js';
import { constraintsOf } from '../../keys/managers/setting-constraints.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { Log } from '../../platform/logging/log.js';
import type { WorkflowInput } from '../../workflows/workflow.entity.js';
import type { PreparedApproval } from '../../workflows/workflows.service.js';
import type { ApplicationKeyEntity, KeySettings } from './application-key.entity.js';
import {
  ClientIdMissing,
  ClientMappedElsewhere,
  ClientNotMappable,
  ClientNotProven,
  KeyManagerMakesNoClients,
  KeyNotReady,
  OtherKeysExist,
  SecretForLife,
} from './application-keys.problems.js';
import { ClientRemovals } from './client-removals.js';
import { type Connection, KeyManagerConnections } from './key-manager-connections.js';
import { type ApplicationKey, KeyMappings } from './key-mappings.js';
import type { KeyChange, KeyHome, KeyRequest, MappingRequest } from './key-requests.js';
import { checkOutsideProperties, shownProperties } from './outside-properties.js';
import { RegistrationRequests } from './registration-requests.js';
import { clientName } from './resident-keys.js';
import { checkCallback, type Properties } from './resident-properties.js';
import type { PreparedKeys } from './restored-keys.js';
import { checkConstraints } from './setting-constraints.js';

/**
 * Keys at outside key managers. No call over the network runs inside a transaction: the keys' place is reserved, the client made, the keys completed; whatever
 * fails in between is undone.
 */
@Injectable()
export class OutsideKeys {
  constructor(
    private readonly mappings: KeyMappings,
    private readonly connections: KeyManagerConnections,
    private readonly removals: ClientRemovals,
    private readonly requests: RegistrationRequests,
    private readonly clientSecrets: ClientSecrets,
    private readonly atRest: Secrets,
    private readonly transactions: Transactions,
    private readonly log: Log,
  ) {}

  /** Registers a client for the application, or only keeps its place until that is approved. @throws KeyMappingExists (409), RequiredPropertiesMissing, PropertiesInvalid (400), and what the key manager refuses */
  async generate(caller: User, application: Application, { keyManager, tenant }: KeyHome, request: KeyRequest): Promise<ApplicationKey> {
    const { connector, connected } = await this.connections.of(keyManager);
    if (connector.descriptor.isOutOfBand) throw KeyManagerMakesNoClients();
    const { keyType, grantTypes, callbackUrl, properties } = request;
    checkCallback(grantTypes, callbackUrl);
    checkOutsideProperties(properties, connector.descriptor);
    checkConstraints(properties, constraintsOf(keyManager));
    const settings = { grantTypes, callbackUrl, properties: shownProperties(properties) };
    const place = { keyType, keyManagerOrganization: tenant, keyManager: keyManager.name };
    const { row, answer } = await this.transactions.run(async (tx) => {
      const reserved = await this.mappings.reserve(tx, caller, application, { ...place, mode: 'CREATED', settings });
      // With whatever secrets the key manager asks for, which are shown to nobody.
      const input = { properties: this.atRest.encrypt(JSON.stringify(properties)) };
      return { row: reserved, answer: await this.requests.ask(tx, caller, application, reserved, input) };
    });
    if (answer === 'pending') return { mapping: row, secrets: [] };
    let client: ConnectedClient | undefined;
    try {
      client = await connector.createClient(connected, requestOf(application, row, properties));
      const made = client;
      const mapping = await this.transactions.run((tx) => this.mappings.complete(tx, row, this.mapped(made, settings)));
      return { mapping, secrets: secretsOf(row, made.clientSecret) };
    } catch (err) {
      await this.undo(row, isMappedElsewhere(err) ? undefined : client?.clientId);
      throw err;
    }
  }

  /** Makes the client of keys that wait for their approval; the approval completes them. @throws KeyManagerTypeUnknown (400), and what the key manager refuses */
  async prepare(
    application: Application,
    keyManager: KeyManager,
    row: ApplicationKeyEntity,
    { properties: sealed }: WorkflowInput,
  ): Promise<PreparedApproval> {
    const { connector, connected } = await this.connections.of(keyManager);
    const properties = JSON.parse(this.atRest.decrypt(sealed ?? '')) as Properties; // written by `generate`, and authenticated
    const client = await connector.createClient(connected, requestOf(application, row, properties));
    let isNew = true;
    return {
      approve: async (tx) => {
        try {
          await this.mappings.complete(tx, row, this.mapped(client, row.settings));
        } catch (err) {
          isNew = !isMappedElsewhere(err);
          throw err;
        }
      },
      undo: async () => {
        if (isNew) await this.transactions.run((tx) => this.removals.add(tx, row, client.clientId));
      },
    };
  }

  /** Lets a client that exists there act for the application. @throws ClientIdMissing, ClientNotMappable (400), KeyMappingExists, ClientMappedElsewhere (409) */
  async map(caller: User, application: Application, { keyManager, tenant }: KeyHome, request: MappingRequest): Promise<ApplicationKey> {
    const { consumerKey, consumerSecret, keyType } = request;
    if (consumerKey.trim() === '') throw ClientIdMissing();
    const known = await this.known(keyManager, request);
    const settings = {
      grantTypes: known?.grantTypes ?? [],
      callbackUrl: known?.callbackUrls.join(',') ?? '',
      properties: shownProperties(known?.properties ?? {}),
    };
    const secret = consumerSecret || undefined;
    const place = { keyType, keyManagerOrganization: tenant, keyManager: keyManager.name };
    const mapping = await this.transactions.run(async (tx) => {
      const row = await this.mappings.reserve(tx, caller, application, { ...place, mode: 'MAPPED', settings });
      return this.mappings.complete(tx, row, { consumerKey, settings, clientSecret: this.kept(secret) });
    });
    return { mapping, secrets: secretsOf(mapping, secret) };
  }

  /** Whether a client may be taken over. @throws ClientNotMappable (400), and what the key manager refuses. */
  async assertMappable(keyManager: KeyManager, consumerKey: string, consumerSecret: string | undefined): Promise<void> {
    await this.known(keyManager, { consumerKey, consumerSecret });
  }

  /**
   * Gives the application the keys of its archive. The client is there already: it is mapped, and stays as it is.
   * @throws OtherKeysExist, ClientMappedElsewhere (409), PropertiesInvalid (400)
   */
  async restore(tx: Tx, owner: User, application: Application, keys: PreparedKeys): Promise<void> {
    const { consumerKey, keyType, grantTypes, callbackUrl, properties, secrets } = keys;
    const keyManager = keys.keyManager.name;
    checkOutsideProperties(properties, { applicationConfigurations: [] });
    const own = await this.mappings.atTenant(application.organization, application.id, application.organization, tx.em);
    const present = own.find((one) => one.keyManager === keyManager && one.keyType === keyType);
    if (present && present.consumerKey !== consumerKey) throw OtherKeysExist(keyType, keyManager);
    if (present) return;
    const settings = { grantTypes, callbackUrl, properties: shownProperties(properties) };
    const place = { keyType, keyManagerOrganization: application.organization, keyManager };
    const row = await this.mappings.reserve(tx, owner, application, { ...place, mode: 'MAPPED', settings });
    await this.mappings.complete(tx, row, { consumerKey, settings, clientSecret: this.kept(secrets.at(-1)?.value.plain) });
  }

  /** Changes the client there, and then what is known of it here. @throws KeyManagerMakesNoClients, PropertiesInvalid (400), ClientNotProven (403) */
  async update(
    caller: User,
    application: Application,
    keyManager: KeyManager,
    { mapping, secrets }: ApplicationKey,
    change: KeyChange,
  ): Promise<ApplicationKey> {
    const { connector, connected } = await this.connections.of(keyManager);
    if (connector.descriptor.isOutOfBand || !keyManager.enableOAuthAppCreation) throw KeyManagerMakesNoClients();
    const wanted = { ...mapping.settings, ...change };
    checkCallback(wanted.grantTypes, wanted.callbackUrl);
    checkOutsideProperties(wanted.properties, connector.descriptor);
    checkConstraints(wanted.properties, constraintsOf(keyManager));
    const consumerKey = found(mapping.consumerKey, KeyNotReady);
    await this.assertProven({ connector, connected }, mapping);
    const properties = shownProperties(wanted.properties);
    const request = requestOf(application, { ...mapping, settings: { ...wanted, properties } }, wanted.properties);
    const client = await connector.updateClient(connected, consumerKey, request);
    const changed = await this.transactions.run(async (tx) => {
      const row = await this.mappings.lock(tx, caller, mapping);
      const { settings, clientSecret } = this.mapped(client, { ...wanted, properties });
      return tx.em.save(Object.assign(row, { settings, clientSecret: client.clientSecret ? clientSecret : row.clientSecret }));
    });
    return { mapping: changed, secrets: client.clientSecret ? secretsOf(changed, client.clientSecret) : secrets };
  }

  /** A new secret in place of the old one. @throws SecretForLife (400), ClientNotProven (403) */
  async regenerateSecret(caller: User, keyManager: KeyManager, mapping: ApplicationKeyEntity): Promise<NewClientSecret> {
    const { connector, connected } = await this.connections.of(keyManager);
    const consumerKey = found(mapping.consumerKey, KeyNotReady);
    await this.assertProven({ connector, connected }, mapping);
    const client = await connector.newSecret(connected, consumerKey);
    const secret = client?.clientSecret;
    if (!secret) throw SecretForLife();
    await this.transactions.run(async (tx) => {
      const row = await this.mappings.lock(tx, caller, mapping);
      await tx.em.save(Object.assign(row, { clientSecret: this.kept(secret) }));
    });
    return { ...ONLY_SECRET, id: mapping.id, secret };
  }

  /** A token of the application itself. @throws what the key manager refuses */
  async token(
    keyManager: KeyManager,
    client: { readonly clientId: string; readonly clientSecret: string },
    request: { readonly scopes: readonly string[]; readonly validitySeconds: number; readonly properties: Properties },
  ): Promise<ConnectedToken> {
    const { connector, connected } = await this.connections.of(keyManager);
    return connector.applicationToken(connected, client, request);
  }

  /** Removes the keys; a client that was made for them is removed there soon afterwards. False when they were gone already. */
  async remove(tx: Tx, mapping: ApplicationKeyEntity): Promise<boolean> {
    if (!(await this.mappings.remove(tx, mapping))) return false;
    if (mapping.consumerKey !== null && mapping.mode === 'CREATED') await this.removals.add(tx, mapping, mapping.consumerKey);
    return true;
  }

  /** The one secret, where it is known. */
  secrets(mapping: ApplicationKeyEntity): readonly ClientSecret[] {
    return secretsOf(mapping, mapping.clientSecret === null ? undefined : this.atRest.decrypt(mapping.clientSecret));
  }

  /** The client to map as the key manager knows it; undefined where it need not or cannot be asked. */
  private async known(
    keyManager: KeyManager,
    { consumerKey, consumerSecret }: Pick<MappingRequest, 'consumerKey' | 'consumerSecret'>,
  ): Promise<ConnectedClient | undefined> {
    const { connector, connected } = await this.connections.of(keyManager);
    if (!keyManager.enableProvisionedAppValidation || !connector.mayLookUp(connected)) return undefined;
    const client = found(await connector.client(connected, consumerKey), ClientNotMappable);
    const { clientSecret } = client;
    // Where the secret can be compared, it must be known: consumer keys are no secrets.
    if (clientSecret && !sameSecret(consumerSecret ?? '', clientSecret)) throw ClientNotMappable();
    return client;
  }

  /**
   * We may change clients at the key manager that the caller may not: whoever mapped one by its key, which is no secret, may use it, but only
   * its secret opens it. @throws ClientNotProven (403)
   */
  private async assertProven({ connector, connected }: Connection, mapping: ApplicationKeyEntity): Promise<void> {
    if (mapping.mode === 'CREATED' || mapping.consumerKey === null) return;
    const [known] = this.secrets(mapping);
    const client = await connector.client(connected, mapping.consumerKey);
    if (!known?.secret || !client?.clientSecret || !sameSecret(known.secret, client.clientSecret)) throw ClientNotProven();
  }

  private mapped(client: ConnectedClient, asked: KeySettings) {
    const settings = {
      grantTypes: client.grantTypes.length > 0 ? client.grantTypes : asked.grantTypes,
      callbackUrl: asked.callbackUrl,
      properties: { ...asked.properties, ...shownProperties(client.properties) },
    };
    return { consumerKey: client.clientId, settings, clientSecret: this.kept(client.clientSecret) };
  }

  /** What is stored of a secret: nothing where only hashes may be kept, for this one is not ours to check. */
  private kept(secret: string | undefined): string | null {
    return secret === undefined || this.clientSecrets.hashesOnly ? null : this.atRest.encrypt(secret);
  }

  private async undo(row: ApplicationKeyEntity, clientId: string | undefined): Promise<void> {
    try {
      await this.transactions.run(async (tx) => {
        await this.mappings.remove(tx, row);
        if (clientId !== undefined) await this.removals.add(tx, row, clientId);
      });
    } catch (err) {
      this.log.error({ err, keyMappingId: row.id }, 'a registration that failed stays behind; clean-up removes it');
    }
  }
}

const ONLY_SECRET = { description: '', expiresAt: null };

const secretsOf = ({ id }: ApplicationKeyEntity, secret: string | undefined): readonly ClientSecret[] =>
  secret === undefined ? [] : [{ ...ONLY_SECRET, id, secret }];

const requestOf = (
  application: Application,
  { keyType, settings }: Pick<ApplicationKeyEntity, 'keyType' | 'settings'>,
  properties: Properties,
): ClientRequest => ({
  name: clientName(application, keyType),
  displayName: application.name,
  owner: application.owner,
  grantTypes: settings.grantTypes,
  callbackUrls: settings.callbackUrl
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== ''),
  scopes: [],
  properties,
});

/** The key manager answered with a client that is in use already: it is not ours to remove. */
const isMappedElsewhere = (err: unknown): boolean => err instanceof Problem && err.code === ClientMappedElsewhere.code;

const sameSecret = (sent: string, held: string): boolean => isOneOf(sent, [hashOf(held)]);
