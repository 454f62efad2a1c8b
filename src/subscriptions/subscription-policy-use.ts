import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PolicyUses } from '../throttling/policy-uses.js';
import { SubscriptionEntity } from './subscription.entity.js';

/** Keeps business plans from being deleted while a subscription is under them, or waits to be. */
@Injectable()
export class SubscriptionPolicyUse implements OnModuleInit {
  constructor(private readonly uses: PolicyUses) {}

  onModuleInit(): void {
    this.uses.register('subscription', (tx, organization, name) =>
      tx.em.existsBy(SubscriptionEntity, [
        { apiOrganization: organization, policy: name },
        { apiOrganization: organization, requestedPolicy: name },
      ]),
    );
  }
}
