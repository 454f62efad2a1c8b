import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { type Application, isActive } from '../../domain/application.js';
import type { ApplicationRight } from '../../domain/application-sharing.js';
import type { KeyType } from '../../domain/gateway-documents.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { ClientSecrets } from '../../keys/clients/client-secrets.js';
import { RESIDENT } from '../../keys/managers/key-manager.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApplicationReads } from '../application-reads.js';
import type { ApplicationKeyEntity } from './application-key.entity.js';
import { ApplicationNotApproved, KeyMappingNotFound, KeyNotReady } from './application-keys.problems.js';
import { ForeignKeys } from './foreign-keys.js';
import { type ApplicationKey, KeyMappings } from './key-mappings.js';
import type { KeyChange, KeyRequest, MappingRequest } from './key-requests.js';
import { OutsideKeys } from './outside-keys.js';
import { ResidentKeys } from './resident-keys.js';
import { UsableKeyManagers } from './usable-key-managers.js';

/** The keys of applications: OAuth clients at a key manager, and which application each acts for. */
@Injectable()
export class ApplicationKeysService {
  constructor(
    private readonly mappings: KeyMappings,
    private readonly applications: ApplicationReads,
    private readonly keyManagers: UsableKeyManagers,
    private readonly resident: ResidentKeys,
    private readonly outside: OutsideKeys,
    private readonly secrets: ClientSecrets,
    private readonly foreign: ForeignKeys,
    private readonly transactions: Transactions,
  ) {}

  /** The keys that an application the caller may use has at the key managers of a tenant. */
  async list(caller: User, applicationId: string, tenant: string): Promise<readonly ApplicationKey[]> {
    const { organization } = await this.applications.get(caller, applicationId);
    return this.withSecrets(tenant, await this.mappings.atTenant(organization, applicationId, tenant));
  }

  /** The keys in its own tenant of an application whose owner was checked before; at most two for each key manager. */
  async ofApplication(organization: string, applicationId: string): Promise<readonly ApplicationKey[]> {
    return this.withSecrets(organization, await this.mappings.atTenant(organization, applicationId, organization));
  }

  /** @throws KeyMappingNotFound (404), and what {@link ApplicationReads.get} throws. */
  async get(caller: User, applicationId: string, id: string): Promise<ApplicationKey> {
    return this.whole(await this.mapping(caller, applicationId, id));
  }

  /** The mapping alone, without its secrets. */
  async mapping(caller: User, applicationId: string, id: string, right: ApplicationRight = 'use'): Promise<ApplicationKeyEntity> {
    const { organization } = await this.applications.get(caller, applicationId, right);
    const mapping = isUUID(id) ? await this.mappings.find(organization, applicationId, id) : null;
    return found(mapping, KeyMappingNotFound, id);
  }

  /** Id of the application's keys of this type at the resident key manager, which older clients address by the type alone. */
  async idByType(caller: User, applicationId: string, keyType: string): Promise<string> {
    const { organization } = await this.applications.get(caller, applicationId);
    const mapping = isKeyType(keyType) ? await this.mappings.ofType(organization, applicationId, RESIDENT, keyType) : null;
    return found(mapping, KeyMappingNotFound, keyType).id;
  }

  /**
   * Registers an OAuth client for the application, at a key manager of the tenant.
   * @throws ClosedTenant (403), KeyMappingExists (409), CallbackMissing, PropertiesInvalid, ApplicationNotApproved (400) and what the key manager's state forbids.
   */
  async generate(caller: User, applicationId: string, tenant: string, request: KeyRequest): Promise<ApplicationKey> {
    const application = await this.applications.get(caller, applicationId);
    if (!isActive(application)) throw ApplicationNotApproved();
    await this.foreign.check(application, tenant);
    const keyManager = await this.keyManagers.forClients(caller, tenant, request.keyManager);
    return this.home(keyManager.name).generate(caller, application, { keyManager, tenant }, request);
  }

  /** Lets a client that exists at the key manager act for the application; its owner alone may. @throws as {@link generate}, and ClientNotMappable (400) */
  async map(caller: User, applicationId: string, tenant: string, request: MappingRequest): Promise<ApplicationKey> {
    const application = await this.applications.get(caller, applicationId, 'own');
    if (!isActive(application)) throw ApplicationNotApproved();
    await this.foreign.check(application, tenant);
    const keyManager = await this.keyManagers.forMapping(caller, tenant, request.keyManager);
    return this.home(keyManager.name).map(caller, application, { keyManager, tenant }, request);
  }

  /** Changes the client's grants, callback and properties. @throws CallbackMissing, PropertiesInvalid (400), KeyMappingNotFound (404). */
  async update(caller: User, applicationId: string, id: string, change: KeyChange): Promise<ApplicationKey> {
    const application = await this.applications.get(caller, applicationId, 'edit');
    const key = await this.get(caller, applicationId, id);
    if (key.mapping.consumerKey === null) throw KeyNotReady();
    const keyManager = await this.keyManagers.named(caller, key.mapping.keyManagerOrganization, key.mapping.keyManager);
    return this.home(keyManager.name).update(caller, application, keyManager, key, change);
  }

  /** Removes the keys, and the client that was made for them, whose tokens stop working. @throws KeyMappingNotFound (404). */
  async remove(caller: User, applicationId: string, id: string): Promise<void> {
    const mapping = await this.mapping(caller, applicationId, id, 'edit');
    await this.transactions.run(async (tx) => {
      await this.applications.hold(tx, caller, applicationId, 'edit');
      if (!(await this.home(mapping.keyManager).remove(tx, mapping))) throw KeyMappingNotFound(id);
    });
  }

  /** Removes all keys of an application that is being deleted. */
  async removeAll(tx: Tx, organization: string, applicationId: string): Promise<void> {
    for (const mapping of await this.mappings.ofApplication(organization, applicationId, tx.em))
      await this.home(mapping.keyManager).remove(tx, mapping);
  }

  /** Makes the clients that were made for an application its new owner's; those that were mapped stay with theirs. */
  async handOver(tx: Tx, application: Application): Promise<void> {
    for (const mapping of await this.mappings.ofApplication(application.organization, application.id, tx.em))
      if (mapping.keyManager === RESIDENT) await this.resident.handOver(tx, application, mapping);
  }

  private home(keyManager: string): ResidentKeys | OutsideKeys {
    return keyManager === RESIDENT ? this.resident : this.outside;
  }

  private async whole(mapping: ApplicationKeyEntity): Promise<ApplicationKey> {
    const [key] = await this.withSecrets(mapping.keyManagerOrganization, [mapping]);
    return found(key, KeyMappingNotFound, mapping.id);
  }

  /** Of mappings whose clients all live in one tenant. */
  private async withSecrets(tenant: string, mappings: readonly ApplicationKeyEntity[]): Promise<readonly ApplicationKey[]> {
    const isResident = ({ keyManager }: ApplicationKeyEntity) => keyManager === RESIDENT;
    const clientIds = mappings.filter(isResident).flatMap(({ consumerKey }) => consumerKey ?? []);
    const held = await this.secrets.ofAll(tenant, clientIds);
    return mappings.map((mapping) => ({
      mapping,
      secrets: isResident(mapping) ? (held.get(mapping.consumerKey ?? '') ?? []) : this.outside.secrets(mapping),
    }));
  }
}

const isKeyType = (text: string): text is KeyType => text === 'PRODUCTION' || text === 'SANDBOX';
