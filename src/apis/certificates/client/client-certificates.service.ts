import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FindOptionsWhere, Repository } from 'typeorm';
import { type Api, anyRef } from '../../../domain/api.js';
import type { KeyType } from '../../../domain/gateway-documents.js';
import { BadRequest, found } from '../../../domain/problem.js';
import { isSubscriptionlessPolicy } from '../../../domain/subscriptionless.js';
import type { User } from '../../../domain/user.js';
import { onConflict, Transactions, type Tx } from '../../../platform/database/transactions.js';
import type { PageQuery } from '../../../platform/http/page.js';
import { ThrottlingPoliciesService } from '../../../throttling/throttling-policies.service.js';
import { InvalidTier } from '../../apis.problems.js';
import { ApisForChange } from '../../apis-for-change.js';
import { DeployedApis } from '../../revisions/deployed-apis.js';
import { readCertificate } from '../certificate.js';
import { isStorable, neededCertificate } from '../certificate-upload.js';
import { AliasExists, CertificateNotFound } from '../certificates.problems.js';
import { ClientCertificateEntity } from './client-certificate.entity.js';

export const KEY_TYPES: readonly KeyType[] = ['PRODUCTION', 'SANDBOX'];

/** The certificates of one key type that one API or product has. */
export interface CertificateOwner {
  readonly apiId: string;
  readonly keyType: string;
}

/** A certificate without its content. */
export type ListedClientCertificate = Pick<ClientCertificateEntity, 'alias' | 'apiId' | 'tier'>;

/**
 * The clients that may call an API or a product over mutual TLS. Gateways learn of a change at once, without a new revision.
 * All throw ApiNotFound (404), Forbidden (403), and BadRequest for an unknown key type.
 */
@Injectable()
export class ClientCertificatesService {
  constructor(
    @InjectRepository(ClientCertificateEntity) private readonly certificates: Repository<ClientCertificateEntity>,
    private readonly apis: ApisForChange,
    private readonly throttling: ThrottlingPoliciesService,
    private readonly transactions: Transactions,
    private readonly deployed: DeployedApis,
  ) {}

  /** One page by alias, and how many there are. */
  async list(
    caller: User,
    owner: CertificateOwner,
    alias: string | undefined,
    { limit, offset }: PageQuery,
  ): Promise<{ readonly items: readonly ListedClientCertificate[]; readonly total: number }> {
    const { organization, id: apiId } = await this.apis.read(caller, anyRef(owner.apiId));
    const keyType = keyTypeOf(owner.keyType);
    if (alias !== undefined && !isStorable(alias)) return { items: [], total: 0 };
    const where: FindOptionsWhere<ClientCertificateEntity> = { organization, apiId, keyType, ...(alias !== undefined && { alias }) };
    const total = await this.certificates.countBy(where);
    const page = { select: { alias: true, apiId: true, tier: true }, order: { alias: 'ASC' }, skip: offset, take: limit } as const;
    // To the driver a page of no rows is one without a limit.
    return { items: limit > 0 ? await this.certificates.find({ where, ...page }) : [], total };
  }

  /** @throws CertificateNotFound (404). */
  async get(caller: User, owner: CertificateOwner, alias: string): Promise<ClientCertificateEntity> {
    const { organization, id: apiId } = await this.apis.read(caller, anyRef(owner.apiId));
    const keyType = keyTypeOf(owner.keyType);
    const certificate = isStorable(alias) ? await this.certificates.findOneBy({ organization, apiId, keyType, alias }) : null;
    return found(certificate, CertificateNotFound, alias);
  }

  /** @throws AliasExists (409), InvalidTier (900305), UnreadableCertificate, CertificateExpired (400), LiveApiNeedsPublisher (403). */
  async add(
    caller: User,
    owner: CertificateOwner,
    { alias, tier }: Pick<ClientCertificateEntity, 'alias' | 'tier'>,
    bytes: Buffer | undefined,
  ): Promise<ListedClientCertificate> {
    const isPlan = await this.isPlan(caller, tier);
    return this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, anyRef(owner.apiId));
      const keyType = keyTypeOf(owner.keyType);
      const pem = readCertificate(neededCertificate(bytes));
      await this.checkTier(tx, api, tier, isPlan);
      const certificate = { apiId: api.id, keyType, alias, organization: api.organization, tier, pem };
      await tx.em.insert(ClientCertificateEntity, certificate).catch(onConflict('api_client_certificates_pkey', () => AliasExists(alias)));
      await this.deployed.refresh(tx, api.organization, api.id);
      return certificate;
    });
  }

  /** Changes what is given of the two. @throws CertificateNotFound (404), as {@link add}. */
  async update(
    caller: User,
    owner: CertificateOwner,
    alias: string,
    { tier, bytes }: { readonly tier: string | undefined; readonly bytes: Buffer | undefined },
  ): Promise<ListedClientCertificate> {
    const isPlan = tier !== undefined && (await this.isPlan(caller, tier));
    return this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, anyRef(owner.apiId));
      const current = await this.own(tx, api, keyTypeOf(owner.keyType), alias);
      const pem = bytes && readCertificate(bytes);
      if (tier !== undefined) await this.checkTier(tx, api, tier, isPlan);
      const changed = { ...current, tier: tier ?? current.tier, pem: pem ?? current.pem };
      await tx.em.save(ClientCertificateEntity, changed);
      await this.deployed.refresh(tx, api.organization, api.id);
      return changed;
    });
  }

  /** @throws CertificateNotFound (404), LiveApiNeedsPublisher (403). */
  async remove(caller: User, owner: CertificateOwner, alias: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, anyRef(owner.apiId));
      const keyType = keyTypeOf(owner.keyType);
      await this.own(tx, api, keyType, alias);
      await tx.em.delete(ClientCertificateEntity, { organization: api.organization, apiId: api.id, keyType, alias });
      await this.deployed.refresh(tx, api.organization, api.id);
    });
  }

  private async own(
    tx: Tx,
    { organization, id: apiId }: Pick<Api, 'organization' | 'id'>,
    keyType: KeyType,
    alias: string,
  ): Promise<ClientCertificateEntity> {
    const where = { organization, apiId, keyType, alias };
    return found(isStorable(alias) ? await tx.em.findOneBy(ClientCertificateEntity, where) : null, CertificateNotFound, alias);
  }

  private async isPlan({ organization }: User, tier: string): Promise<boolean> {
    if (!isStorable(tier)) return false;
    return isSubscriptionlessPolicy(tier) || (await this.throttling.missing(organization, 'subscription', [tier])).length === 0;
  }

  /**
   * One of the API's plans; any plan of the tenant for an API that has none, as one that is called with certificates alone: it stays until the
   * transaction ends. @throws InvalidTier (900305).
   */
  private async checkTier(tx: Tx, { organization, policies }: Api, tier: string, isPlan: boolean): Promise<void> {
    if (policies.length > 0 ? !policies.includes(tier) : !isPlan) throw InvalidTier();
    const isStored = policies.length === 0 && !isSubscriptionlessPolicy(tier);
    if (isStored && (await this.throttling.hold(tx, organization, 'subscription', [tier])).length > 0) throw InvalidTier();
  }
}

/** @throws BadRequest. */
const keyTypeOf = (word: string): KeyType => {
  const keyType = KEY_TYPES.find((known) => known === word.toUpperCase());
  if (keyType === undefined) throw BadRequest(`Invalid key type. It must be one of ${KEY_TYPES.join(', ')}.`);
  return keyType;
};
