import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isEmail, isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import { onConflict, Transactions } from '../platform/database/transactions.js';
import { BotAlertSubscriptionNotFound, EmailSubscribed, EmailUnusable } from './alerts.problems.js';
import { BotAlertSubscriptionEntity } from './bot-alert-subscription.entity.js';

/** Whom the tenants want to be written to when bots are detected. Nothing detects any since the product gave its detection up; the addresses are kept. */
@Injectable()
export class BotAlertsService {
  constructor(
    @InjectRepository(BotAlertSubscriptionEntity) private readonly subscriptions: Repository<BotAlertSubscriptionEntity>,
    private readonly transactions: Transactions,
  ) {}

  /** By address. */
  list(organization: string): Promise<readonly BotAlertSubscriptionEntity[]> {
    return this.subscriptions.find({ where: { organization }, order: { email: 'ASC' } });
  }

  /** @throws EmailUnusable (400), EmailSubscribed (409). */
  subscribe(organization: string, text: string): Promise<BotAlertSubscriptionEntity> {
    const email = text.trim();
    if (!isEmail(email)) throw EmailUnusable(email === '' ? 'The email is missing.' : 'The email is no mail address.');
    const subscription = { id: randomUUID(), organization, email };
    return this.transactions.run(async ({ em }) => {
      await em
        .insert(BotAlertSubscriptionEntity, subscription)
        .catch(onConflict('bot_alert_subscriptions_email', () => EmailSubscribed(email)));
      return subscription;
    });
  }

  /** @throws BotAlertSubscriptionNotFound (404). */
  async unsubscribe(organization: string, id: string): Promise<void> {
    await this.transactions.run(async ({ em }) => {
      const { affected } = isUUID(id) ? await em.delete(BotAlertSubscriptionEntity, { organization, id }) : { affected: 0 };
      if (!affected) throw BotAlertSubscriptionNotFound(id);
    });
  }
}
