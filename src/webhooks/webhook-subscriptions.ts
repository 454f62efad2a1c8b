import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Tx } from '../platform/database/transactions.js';

/** What one webhook subscription is told from others by. */
export interface WebhookTarget {
  /** The API's tenant. */
  readonly organization: string;
  readonly apiId: string;
  readonly applicationId: string;
  readonly topic: string;
  readonly callbackUrl: string;
}

export interface WebhookSubscription extends WebhookTarget {
  /** The last time an event was sent; null before the first. */
  readonly deliveredAt: Date | null;
  /** Whether that one arrived. */
  readonly isDelivered: boolean;
}

const SAME = 'organization = $1 AND api_id = $2 AND application_id = $3 AND md5(topic) = md5($4) AND md5(callback_url) = md5($5)';
const valuesOf = ({ organization, apiId, applicationId, topic, callbackUrl }: WebhookTarget) => [
  ...[organization, apiId, applicationId, topic, callbackUrl],
];

/** Who is sent the events of which topic. Whether an application may subscribe is decided by whoever records it. */
@Injectable()
export class WebhookSubscriptions {
  constructor(private readonly database: DataSource) {}

  /** Records a subscription, or that it goes on until another time; null never ends. What is known of its deliveries stays. */
  async subscribe(target: WebhookTarget, expiresAt: Date | null): Promise<void> {
    await this.database.query(
      `INSERT INTO webhook_subscriptions (id, organization, api_id, application_id, topic, callback_url, expires_at) VALUES ($6, $1, $2, $3, $4, $5, $7)
       ON CONFLICT (application_id, api_id, md5(topic), md5(callback_url)) DO UPDATE SET expires_at = excluded.expires_at`,
      [...valuesOf(target), randomUUID(), expiresAt],
    );
  }

  /** Records how a delivery ended. Of two that overlap the later one counts; one to somebody who has unsubscribed meanwhile is forgotten. */
  async recordDelivery(target: WebhookTarget, at: Date, hasArrived: boolean): Promise<void> {
    await this.database.query(
      `UPDATE webhook_subscriptions SET delivered_at = $6, is_delivered = $7 WHERE ${SAME} AND (delivered_at IS NULL OR delivered_at <= $6)`,
      [...valuesOf(target), at, hasArrived],
    );
  }

  /** False when there was none. */
  async unsubscribe(target: WebhookTarget): Promise<boolean> {
    const [, gone]: [unknown, number] = await this.database.query(`DELETE FROM webhook_subscriptions WHERE ${SAME}`, valuesOf(target));
    return gone > 0;
  }

  /** A page of those of an application that have not ended, perhaps to one API alone, the oldest first, and how many there are. */
  async list(
    applicationId: string,
    apiId: string | undefined,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly WebhookSubscription[]; readonly total: number }> {
    const from = `FROM webhook_subscriptions
      WHERE application_id = $1 AND ($2::uuid IS NULL OR api_id = $2::uuid) AND (expires_at IS NULL OR expires_at > now())`;
    const values = [applicationId, apiId ?? null];
    const [counted]: readonly { total: string }[] = await this.database.query(`SELECT count(*) AS total ${from}`, values);
    const items: readonly WebhookSubscription[] = await this.database.query(
      `SELECT organization, api_id AS "apiId", application_id AS "applicationId", topic, callback_url AS "callbackUrl",
         delivered_at AS "deliveredAt", is_delivered AS "isDelivered" ${from} ORDER BY created_at, id LIMIT $3 OFFSET $4`,
      [...values, limit, offset],
    );
    return { items, total: Number(counted?.total ?? 0) };
  }

  /** Ends those that rest on a subscription that is being taken away; on all subscriptions to the API where no application is named. */
  async removeWith(tx: Tx, organization: string, apiId: string, applicationId?: string): Promise<void> {
    await tx.em.query(
      'DELETE FROM webhook_subscriptions WHERE organization = $1 AND api_id = $2 AND ($3::uuid IS NULL OR application_id = $3)',
      [...[organization, apiId, applicationId ?? null]],
    );
  }
}
