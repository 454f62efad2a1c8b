import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { In, Not, type Repository } from 'typeorm';
import { GLOBAL_ORGANIZATION } from '../../../domain/organization.js';
import { found } from '../../../domain/problem.js';
import { ApimConfig } from '../../../platform/config/sections/apim.config.js';
import { Secrets } from '../../../platform/crypto/secrets.js';
import { onConflict, Transactions, type Tx } from '../../../platform/database/transactions.js';
import { Feed } from '../../../platform/feed/feed.js';
import type { ConnectorDescriptor } from '../../connectors/connector.js';
import { Connectors } from '../../connectors/connectors.js';
import { KeyManagerEntity } from '../key-manager.entity.js';
import {
  type KeyManager,
  type KeyManagerSettings,
  NO_ENDPOINTS,
  NO_SETTINGS,
  type OutsideKey,
  RESIDENT,
  RESIDENT_TYPE,
  takesExchangedTokens,
} from '../key-manager.js';
import { type ApiUsingKeyManager, type ApplicationUsingKeyManager, KeyManagerUses, type UsePage } from '../key-manager-uses.js';
import {
  CertificateInvalid,
  ConnectionIncomplete,
  FixedFieldChanged,
  KeyManagerExists,
  KeyManagerKept,
  KeyManagerNameEmpty,
  KeyManagerNotFound,
  KeyManagerTypeUnknown,
  NameChanged,
  TypeChanged,
} from '../key-managers.problems.js';
import { KeyManagersService } from '../key-managers.service.js';
import { keyOfPem } from '../outside-keys.js';
import { fieldsOf, MASKED, missingFields, type Properties, type SplitProperties, splitProperties } from './masked-properties.js';

/** What an administrator decides of a key manager. */
export interface KeyManagerContent extends Pick<KeyManager, 'name' | 'displayName' | 'type' | 'description' | 'enabled' | 'issuer'> {
  /** Of the connection, secrets among them. */
  readonly properties: Properties;
  readonly settings: Omit<KeyManagerSettings, 'additionalProperties' | 'enableProvisionedAppValidation'> & {
    /** Undefined leaves it to the configuration. */
    readonly enableProvisionedAppValidation: boolean | undefined;
  };
}

/** May refuse on seeing the key manager as it is before a change. */
type Unchanged = (current: KeyManager) => void;

/** Names are compared over tenants, so writers take turns. */
const NAMES_LOCK = 4_207_849_490;

/** The administrators' side of the key managers: those of a tenant, or the global ones as those of `GLOBAL_ORGANIZATION`. */
@Injectable()
export class KeyManagerAdministration {
  constructor(
    @InjectRepository(KeyManagerEntity) private readonly rows: Repository<KeyManagerEntity>,
    private readonly keyManagers: KeyManagersService,
    private readonly connectors: Connectors,
    private readonly uses: KeyManagerUses,
    private readonly transactions: Transactions,
    private readonly secrets: Secrets,
    private readonly feed: Feed,
    private readonly config: ApimConfig,
  ) {}

  /** The tenant's own and the global ones, by name, and the names of those in use there. */
  async list(organization: string): Promise<{ readonly keyManagers: readonly KeyManager[]; readonly used: ReadonlySet<string> }> {
    const keyManagers = await this.keyManagers.list(organization);
    return { keyManagers, used: await this.uses.names(this.rows.manager, users(organization)) };
  }

  /** @throws KeyManagerNotFound (404). */
  async get(organization: string, id: string): Promise<KeyManager> {
    const row = isUUID(id) ? await this.rows.findOneBy({ organization, id }) : null;
    return this.keyManagers.toKeyManager(found(row, KeyManagerNotFound));
  }

  /** The tenant's APIs that name the key manager; a global one may be asked about too. @throws KeyManagerNotFound (404). */
  async apiUses(organization: string, id: string, limit: number, offset: number): Promise<UsePage<ApiUsingKeyManager>> {
    return this.uses.apis(this.rows.manager, organization, await this.nameOf(organization, id), limit, offset);
  }

  /** The tenant's applications with keys of it. @throws as {@link apiUses}. */
  async applicationUses(organization: string, id: string, limit: number, offset: number): Promise<UsePage<ApplicationUsingKeyManager>> {
    return this.uses.applications(this.rows.manager, organization, await this.nameOf(organization, id), limit, offset);
  }

  /** @throws KeyManagerTypeUnknown, ConnectionIncomplete, KeyManagerNameEmpty, CertificateInvalid (400), KeyManagerExists (409). */
  create(organization: string, content: KeyManagerContent): Promise<KeyManager> {
    const name = content.name.trim();
    if (name === '') throw KeyManagerNameEmpty();
    const descriptor = this.descriptorOf(content.type);
    const split = splitProperties(descriptor, content.properties);
    return this.transactions.run(async (tx) => {
      await this.claim(tx, organization, name);
      const row: KeyManagerEntity = {
        ...this.stored({ ...content, name }, descriptor, split, {}),
        id: randomUUID(),
        organization,
        name,
        type: content.type,
        keys: pinnedKeys(content),
        keysFetchedAt: null,
        keysError: '',
      };
      await this.checkTrust(tx, row);
      await tx.em.insert(KeyManagerEntity, row).catch(onConflict('key_managers_name', () => KeyManagerExists()));
      audited(tx, row, 'created');
      await this.announce(tx, row);
      return this.keyManagers.toKeyManager(row);
    });
  }

  /** Name and type stay. @throws as {@link create} and {@link get}, TypeChanged, NameChanged, FixedFieldChanged (400). */
  update(organization: string, id: string, content: KeyManagerContent, unchanged: Unchanged): Promise<KeyManager> {
    return this.transactions.run(async (tx) => {
      const current = await lock(tx, organization, id);
      unchanged(this.keyManagers.toKeyManager(current));
      if (content.type !== current.type) throw TypeChanged();
      if (content.name.trim() !== current.name) throw NameChanged();
      const row = current.type === RESIDENT_TYPE ? this.resident(current, content) : this.outside(current, content);
      await this.checkTrust(tx, row);
      await tx.em.save(KeyManagerEntity, row);
      audited(tx, row, 'updated');
      await this.announce(tx, row);
      return this.keyManagers.toKeyManager(row);
    });
  }

  /** @throws KeyManagerNotFound (404), KeyManagerKept (412) for one in use, and for the resident one. */
  remove(organization: string, id: string, unchanged: Unchanged): Promise<void> {
    return this.transactions.run(async (tx) => {
      const row = await lock(tx, organization, id);
      unchanged(this.keyManagers.toKeyManager(row));
      if (row.type === RESIDENT_TYPE) throw KeyManagerKept('The resident key manager cannot be deleted.');
      if ((await this.uses.names(tx.em, users(organization))).has(row.name)) {
        throw KeyManagerKept(`Key Manager ${row.name} is used by an API or an application.`);
      }
      await tx.em.delete(KeyManagerEntity, { organization, id });
      audited(tx, row, 'deleted');
      await this.feed.remove(tx, organization, 'key-manager', row.name);
      tx.raise('key-manager.changed', { organization, id });
    });
  }

  /** Addresses, keys and issuer of the resident key manager are this server's own, and so are its grants until others are chosen. */
  private resident(current: KeyManagerEntity, { displayName, description, enabled, properties, settings }: KeyManagerContent) {
    const { displayTokenEndpoint, displayRevokeEndpoint } = settings;
    const shown = this.keyManagers.toKeyManager(current).availableGrantTypes;
    const isSame = settings.availableGrantTypes.join(' ') === shown.join(' ');
    const availableGrantTypes = isSame ? current.settings.availableGrantTypes : settings.availableGrantTypes;
    const { endpoints, certificates } = NO_SETTINGS;
    const own = { ...NO_ENDPOINTS, endpoints, certificates, displayTokenEndpoint, displayRevokeEndpoint, availableGrantTypes };
    const kept: KeyManagerSettings = { ...this.withDefaults(settings), ...own, additionalProperties: properties };
    return { ...current, displayName, description, enabled, settings: kept };
  }

  private outside(current: KeyManagerEntity, content: KeyManagerContent): KeyManagerEntity {
    const descriptor = this.descriptorOf(current.type);
    const split = splitProperties(descriptor, content.properties);
    checkFixedFields(descriptor, current.settings.additionalProperties, split.shown);
    const [before, after] = [current.settings.certificates, content.settings.certificates];
    const isSameCertificate = before?.type === after?.type && before?.value === after?.value;
    return {
      ...current,
      ...this.stored(content, descriptor, split, current.secrets),
      // Keys of an address that is no longer trusted are not either.
      ...(!isSameCertificate && { keys: pinnedKeys(content), keysFetchedAt: null, keysError: '' }),
    };
  }

  /** What a request says, as it is kept: secrets encrypted or as they were. */
  private stored(
    { displayName, description, enabled, issuer, settings }: KeyManagerContent,
    descriptor: ConnectorDescriptor,
    { shown, secret }: SplitProperties,
    kept: KeyManagerEntity['secrets'],
  ) {
    const secrets = Object.fromEntries(
      Object.entries(secret).flatMap(([name, value]) => {
        if (value !== MASKED) return [[name, this.secrets.encrypt(value)]];
        return kept[name] === undefined ? [] : [[name, kept[name]]];
      }),
    );
    const named = Object.fromEntries(settings.endpoints.map(({ name, value }) => [name, value]));
    const missing = [
      ...missingFields(descriptor.configurations, { ...shown, ...secrets }),
      ...missingFields(descriptor.endpointConfigurations, { ...shown, ...named }),
    ];
    if (missing.length > 0) throw ConnectionIncomplete(missing.join(', '));
    return {
      displayName,
      description,
      enabled,
      issuer,
      secrets,
      settings: {
        ...this.withDefaults(settings),
        consumerKeyClaim: settings.consumerKeyClaim || descriptor.defaultConsumerKeyClaim,
        scopesClaim: settings.scopesClaim || descriptor.defaultScopesClaim,
        additionalProperties: shown,
      },
    };
  }

  private withDefaults(settings: KeyManagerContent['settings']): Omit<KeyManagerSettings, 'additionalProperties'> {
    const { enableProvisionedAppValidation: usual } = this.config.keyManager;
    return { ...settings, enableProvisionedAppValidation: settings.enableProvisionedAppValidation ?? usual };
  }

  private descriptorOf(type: string): ConnectorDescriptor {
    return found(this.connectors.of(type), KeyManagerTypeUnknown).descriptor;
  }

  /** A name means one key manager, whichever tenant looks: a global one has it for itself alone. */
  private async claim(tx: Tx, organization: string, name: string): Promise<void> {
    await tx.em.query('SELECT pg_advisory_xact_lock($1)', [NAMES_LOCK]);
    // The resident one has its name to itself, also where a tenant may yet get one: keys tell by it whose client they have.
    const isTaken =
      name === RESIDENT ||
      (organization === GLOBAL_ORGANIZATION
        ? await tx.em.existsBy(KeyManagerEntity, { name })
        : await tx.em.existsBy(KeyManagerEntity, { name, organization: In([organization, GLOBAL_ORGANIZATION]) }));
    if (isTaken) throw KeyManagerExists();
  }

  /** Whoever's tokens may be exchanged is found by the issuer, so two cannot have the same (`reference/key-manager-connectors.md` §5). */
  private async checkTrust(tx: Tx, { organization, id, issuer, type, settings }: KeyManagerEntity): Promise<void> {
    if (type === RESIDENT_TYPE || issuer === '' || !takesExchangedTokens(settings)) return;
    await tx.em.query('SELECT pg_advisory_xact_lock($1)', [NAMES_LOCK]);
    const others = await tx.em.findBy(KeyManagerEntity, { organization, issuer, id: Not(id) });
    if (others.some((other) => other.type !== RESIDENT_TYPE && takesExchangedTokens(other.settings))) throw KeyManagerExists();
  }

  private async announce(tx: Tx, row: KeyManagerEntity): Promise<void> {
    await this.keyManagers.publish(tx, row);
    tx.raise('key-manager.changed', { organization: row.organization, id: row.id });
  }

  private async nameOf(organization: string, id: string): Promise<string> {
    const where = { id, organization: In([organization, GLOBAL_ORGANIZATION]) };
    return found(isUUID(id) ? await this.rows.findOneBy(where) : null, KeyManagerNotFound).name;
  }
}

/** Whose use of a key manager counts: everybody's where it is a global one. */
const users = (organization: string): string | undefined => (organization === GLOBAL_ORGANIZATION ? undefined : organization);

const lock = async ({ em }: Tx, organization: string, id: string): Promise<KeyManagerEntity> => {
  const options = { where: { organization, id }, lock: { mode: 'pessimistic_write' } } as const;
  return found(isUUID(id) ? await em.findOne(KeyManagerEntity, options) : null, KeyManagerNotFound);
};

/** The key of a certificate; keys of a JWKS document are fetched afterwards. */
const pinnedKeys = ({ settings: { certificates } }: KeyManagerContent): readonly OutsideKey[] => {
  if (certificates?.type !== 'PEM') return [];
  const key = keyOfPem(certificates.value);
  if (key === undefined) throw CertificateInvalid();
  return [key];
};

const checkFixedFields = ({ configurations }: ConnectorDescriptor, before: Properties, after: Properties): void => {
  for (const { name, updateDisabled } of fieldsOf(configurations)) {
    if (updateDisabled && JSON.stringify(before[name]) !== JSON.stringify(after[name])) throw FixedFieldChanged();
  }
};

const audited = (tx: Tx, { organization, id, name }: KeyManagerEntity, action: string): void =>
  tx.raise('audited', { organization, type: 'KeyManager', action, info: { id, name } });
