import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { shownName } from '../../domain/organization.js';
import { listed, type Window } from '../listed.js';

interface WebhookRow {
  readonly apiId: string;
  readonly path: string;
  readonly version: string;
  readonly organization: string;
  readonly tenantId: number;
  readonly applicationNumber: number;
  readonly callbackUrl: string;
  readonly topic: string;
  /** Epoch milliseconds; null never ends. */
  readonly expiresAt: number | null;
  readonly plan: string;
  readonly applicationPolicy: string;
  readonly apiPolicy: string | null;
  readonly owner: string;
  readonly ownerOrganization: string;
}

/** Reads whom gateways send the events of topics. */
@Injectable()
export class WebhookRows {
  constructor(private readonly database: DataSource) {}

  /** Those of the APIs of a tenant, null of all, that have not ended and may be used: one statement. */
  async find(organization: string | null, window: Window) {
    return listed<WebhookRow>(
      this.database,
      `SELECT w.id, w.created_at, w.api_id AS "apiId", api.path, api.version, api.organization, t.tenant_id AS "tenantId",
         app.number AS "applicationNumber", w.callback_url AS "callbackUrl", w.topic,
         floor(extract(epoch FROM w.expires_at) * 1000)::bigint AS "expiresAt",
         -- Whoever needs no subscription has the plan that the API has instead.
         coalesce(s.policy, api.policies[1], '') AS plan, app.throttling_policy AS "applicationPolicy",
         api.details->>'apiThrottlingPolicy' AS "apiPolicy", app.owner, app.organization AS "ownerOrganization"
       FROM webhook_subscriptions w
       JOIN apis api ON api.id = w.api_id JOIN applications app ON app.id = w.application_id JOIN tenants t ON t.organization = api.organization
       LEFT JOIN subscriptions s ON s.api_id = w.api_id AND s.application_id = w.application_id
       WHERE ($1::text IS NULL OR w.organization = $1) AND (w.expires_at IS NULL OR w.expires_at > now())
         AND (s.state IS NULL OR s.state NOT IN ('BLOCKED', 'ON_HOLD', 'REJECTED'))`,
      [organization],
      window,
      'created_at, id',
    );
  }
}

/** No secret of a subscriber is kept. An `expiryTime` of 0 never ends. */
export const toWebhooksSubscription = (row: WebhookRow) => ({
  apiUUID: row.apiId,
  apiContext: row.path,
  apiVersion: row.version,
  tenantDomain: row.organization,
  tenantId: row.tenantId,
  appID: String(row.applicationNumber),
  callbackURL: row.callbackUrl,
  topicName: row.topic,
  secret: '',
  expiryTime: row.expiresAt ?? 0,
  tier: row.plan,
  applicationTier: row.applicationPolicy,
  apiTier: row.apiPolicy ?? '',
  subscriberName: shownName({ name: row.owner, organization: row.ownerOrganization }),
});
