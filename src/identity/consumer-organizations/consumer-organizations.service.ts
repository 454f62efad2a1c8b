import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import { ConsumerOrganizationEntity } from './consumer-organization.entity.js';
import {
  ConsumerOrganizationExists,
  ConsumerOrganizationNotFound,
  EXTERNAL_ID_MAX,
  ExternalIdBlank,
  ExternalIdTooLong,
  ForeignConsumerOrganization,
} from './consumer-organizations.problems.js';
import { Memberships } from './memberships.js';

/** What an administrator decides of a consumer organization. */
export type ConsumerOrganizationContent = Pick<ConsumerOrganizationEntity, 'externalId' | 'displayName' | 'description'>;

/** Who somebody is among the organizations of the tenant. */
export interface OrganizationInformation {
  readonly organizationId: string;
  readonly name: string;
}

/** May refuse on seeing the entry as it is before a change. */
type Unchanged = (current: ConsumerOrganizationEntity) => void;

/** The consumer organizations of the tenants. */
@Injectable()
export class ConsumerOrganizationsService {
  constructor(
    @InjectRepository(ConsumerOrganizationEntity) private readonly entries: Repository<ConsumerOrganizationEntity>,
    private readonly memberships: Memberships,
    private readonly transactions: Transactions,
  ) {}

  /** By name. */
  list(organization: string): Promise<readonly ConsumerOrganizationEntity[]> {
    return this.entries.find({ where: { organization }, order: { displayName: 'ASC', externalId: 'ASC' } });
  }

  /** @throws ConsumerOrganizationNotFound (404), ForeignConsumerOrganization (403) for another tenant's. */
  async get(organization: string, id: string): Promise<ConsumerOrganizationEntity> {
    return owned(organization, isUUID(id) ? await this.entries.findOneBy({ id }) : null);
  }

  /** The caller's own organization: the entry where there is one for the caller's claim, else what the claims say. */
  async informationOf(caller: Pick<User, 'organization' | 'id'>): Promise<OrganizationInformation> {
    const { externalId, name } = await this.memberships.claimed(caller);
    const entry = externalId === '' ? null : await this.entries.findOneBy({ organization: caller.organization, externalId });
    return entry ? { organizationId: entry.id, name: entry.displayName } : { organizationId: externalId, name };
  }

  /** Adds an entry below the organization of the caller. @throws ConsumerOrganizationExists (409), ExternalIdBlank, ExternalIdTooLong (400). */
  create(caller: User, content: ConsumerOrganizationContent): Promise<ConsumerOrganizationEntity> {
    return this.transactions.run(async (tx) => {
      const { organization } = caller;
      const { externalId: parentId } = await this.memberships.claimed(caller, tx.em);
      const entry = { ...checked(content), id: randomUUID(), organization, parentId };
      await tx.em.insert(ConsumerOrganizationEntity, entry).catch(taken(content));
      return entry;
    });
  }

  /** @throws as {@link get}, and ConsumerOrganizationExists (409), ExternalIdBlank, ExternalIdTooLong (400). */
  update(
    organization: string,
    id: string,
    content: ConsumerOrganizationContent,
    unchanged: Unchanged,
  ): Promise<ConsumerOrganizationEntity> {
    return this.transactions.run(async (tx) => {
      const current = await lock(tx, organization, id);
      unchanged(current);
      const change = checked(content);
      await tx.em.update(ConsumerOrganizationEntity, { organization, id }, change).catch(taken(content));
      return { ...current, ...change };
    });
  }

  /** Deletes the entry; APIs that were open to it alone stay closed to everybody else. @throws as {@link get}. */
  async remove(organization: string, id: string, unchanged: Unchanged): Promise<void> {
    await this.transactions.run(async (tx) => {
      unchanged(await lock(tx, organization, id));
      await tx.em.delete(ConsumerOrganizationEntity, { organization, id });
    });
  }
}

const checked = (content: ConsumerOrganizationContent): ConsumerOrganizationContent => {
  if (content.externalId.trim() === '') throw ExternalIdBlank();
  if (content.externalId.length > EXTERNAL_ID_MAX) throw ExternalIdTooLong();
  return content;
};

const taken = ({ externalId }: ConsumerOrganizationContent) =>
  onConflict('consumer_organizations_external_id', () => ConsumerOrganizationExists(externalId));

// Looked up without the tenant, because the reference tells another tenant's entry from an unknown one.
const lock = async ({ em }: Tx, organization: string, id: string): Promise<ConsumerOrganizationEntity> => {
  const options = { where: { id }, lock: { mode: 'pessimistic_write' } } as const;
  return owned(organization, isUUID(id) ? await em.findOne(ConsumerOrganizationEntity, options) : null);
};

const owned = (organization: string, entry: ConsumerOrganizationEntity | null): ConsumerOrganizationEntity => {
  const known = found(entry, ConsumerOrganizationNotFound);
  if (known.organization !== organization) throw ForeignConsumerOrganization();
  return known;
};
