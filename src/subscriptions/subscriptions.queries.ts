import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ApplicationEntity } from '../applications/application.entity.js';
import { usableBy } from '../applications/applications.queries.js';
import type { Standing } from '../domain/application-sharing.js';
import type { Subscription } from '../domain/subscription.js';
import type { User } from '../domain/user.js';
import { SubscriptionEntity } from './subscription.entity.js';

export type SubscriptionFilter = Pick<Subscription, 'apiOrganization' | 'apiId'> | Pick<Subscription, 'applicationId'>;

/** The list of a user's subscriptions: two statements, whatever their number. */
@Injectable()
export class SubscriptionsQueries {
  constructor(@InjectRepository(SubscriptionEntity) private readonly subscriptions: Repository<SubscriptionEntity>) {}

  /** A page of the subscriptions of the applications the caller may use, by the applications' names; one whose API is gone is passed over. */
  async usable(
    caller: User,
    standing: Standing,
    filter: SubscriptionFilter,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly Subscription[]; readonly total: number }> {
    const statement = this.subscriptions
      .createQueryBuilder('subscription')
      .innerJoin(ApplicationEntity, 'application', 'application.id = subscription.application_id')
      .where({ organization: caller.organization, ...filter })
      .andWhere(
        'EXISTS (SELECT 1 FROM apis AS api WHERE api.organization = subscription.api_organization AND api.id = subscription.api_id)',
      )
      .andWhere(...usableBy(caller.name, standing));
    const total = await statement.getCount();
    const items = await statement
      .orderBy('lower(application.name)')
      .addOrderBy('subscription.createdAt')
      .addOrderBy('subscription.id')
      .limit(limit)
      .offset(offset)
      .getMany();
    return { items, total };
  }
}
