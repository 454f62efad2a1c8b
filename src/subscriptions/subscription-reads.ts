import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { type EntityManager, In, Not, type Repository } from 'typeorm';
import type { Subscription } from '../domain/subscription.js';
import type { Tx } from '../platform/database/transactions.js';
import { SubscriptionEntity } from './subscription.entity.js';

/** What other modules ask about subscriptions; it knows neither APIs nor applications, so that both may use it. */
@Injectable()
export class SubscriptionReads {
  constructor(@InjectRepository(SubscriptionEntity) private readonly subscriptions: Repository<SubscriptionEntity>) {}

  /** How many subscriptions an API has, in any state. */
  countByApi(organization: string, apiId: string): Promise<number> {
    return this.subscriptions.countBy({ apiOrganization: organization, apiId });
  }

  /** How many subscriptions hold an API: all but the rejected ones. An API with any may not be deleted. */
  activeByApi(tx: Tx, organization: string, apiId: string): Promise<number> {
    return tx.em.countBy(SubscriptionEntity, { apiOrganization: organization, apiId, state: Not('REJECTED') });
  }

  /** How many subscriptions of an API use each plan; plans without any are left out. */
  async countByPolicy(organization: string, apiId: string): Promise<ReadonlyMap<string, number>> {
    return this.counts('policy', organization, { apiId: [apiId] });
  }

  /** How many subscriptions each of the applications has; those without any are left out. */
  async countByApplications(organization: string, applicationIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.counts('applicationId', organization, { applicationId: applicationIds });
  }

  /** A subscription to an API of the tenant; undefined for an unknown id, one of another tenant's API and one that is no UUID. */
  async byId(organization: string, id: string): Promise<Subscription | undefined> {
    return isUUID(id) ? ((await this.subscriptions.findOneBy({ apiOrganization: organization, id })) ?? undefined) : undefined;
  }

  /** Whether the application is subscribed to the API, in any state; the subscription then stays until the transaction ends. */
  async hold(tx: Tx, organization: string, apiId: string, applicationId: string): Promise<boolean> {
    const where = { organization, apiId, applicationId };
    return (await tx.em.findOne(SubscriptionEntity, { where, lock: { mode: 'pessimistic_read' } })) !== null;
  }

  /** The subscriptions to an API, in no particular order. */
  byApi(organization: string, apiId: string): Promise<readonly Subscription[]> {
    return this.subscriptions.findBy({ apiOrganization: organization, apiId });
  }

  /** The subscriptions of an application, oldest first. Within a transaction, give its entity manager. */
  byApplication(
    organization: string,
    applicationId: string,
    em: EntityManager = this.subscriptions.manager,
  ): Promise<readonly Subscription[]> {
    return em.find(SubscriptionEntity, { where: { organization, applicationId }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  private async counts(
    column: 'policy' | 'applicationId',
    organization: string,
    of: { readonly apiId: readonly string[] } | { readonly applicationId: readonly string[] },
  ): Promise<ReadonlyMap<string, number>> {
    const where =
      'apiId' in of ? { apiOrganization: organization, apiId: In(of.apiId) } : { organization, applicationId: In(of.applicationId) };
    const rows: readonly { key: string; count: string }[] = await this.subscriptions
      .createQueryBuilder('subscription')
      .select(`subscription.${column}`, 'key')
      .addSelect('count(*)', 'count')
      .where(where)
      .groupBy(`subscription.${column}`)
      .getRawMany();
    return new Map(rows.map(({ key, count }) => [key, Number(count)]));
  }
}
