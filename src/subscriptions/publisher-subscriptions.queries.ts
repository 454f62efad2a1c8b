import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { withoutNul } from '../apis/apis.queries.js';
import { shownName } from '../domain/organization.js';
import type { Subscription } from '../domain/subscription.js';
import type { User } from '../domain/user.js';
import type { HeldSubscription } from './subscriptions.publisher.mapper.js';

export interface PublisherSubscriptionQuery {
  /** Undefined: all APIs the caller provides. */
  readonly apiId: string | undefined;
  /** Words, each of which has to occur in the application's or the subscriber's name. */
  readonly query: string;
  readonly limit: number;
  readonly offset: number;
}

interface Row {
  readonly id: string;
  readonly policy: string;
  readonly state: Subscription['state'];
  readonly applicationId: string;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly organization: string;
  readonly subscriptionCount: string;
}

const FROM = `FROM subscriptions AS s JOIN applications AS a ON a.id = s.application_id AND a.organization = s.organization
  WHERE s.api_organization = $1 AND lower(a.name || ' ' || a.owner) LIKE ALL ($2::text[])
    AND CASE WHEN $3::uuid IS NULL THEN s.api_id IN (SELECT id FROM apis WHERE organization = $1 AND provider = $4) ELSE s.api_id = $3::uuid END`;

/** Lists of subscriptions for publishers: two statements, whatever their number. */
@Injectable()
export class PublisherSubscriptionsQueries {
  constructor(private readonly database: DataSource) {}

  /** A page by the applications' names, and how many there are; whether the caller may see the API is checked before. */
  async list(
    caller: User,
    { apiId, query, limit, offset }: PublisherSubscriptionQuery,
  ): Promise<{ readonly items: readonly HeldSubscription[]; readonly total: number }> {
    const { organization } = caller;
    const values = [organization, patternsOf(query), apiId ?? null, shownName(caller)];
    const [counted]: readonly { total: string }[] = await this.database.query(`SELECT count(*) AS total ${FROM}`, values);
    const rows: readonly Row[] = await this.database.query(
      `SELECT s.id, s.policy, s.state, a.id AS "applicationId", a.name, a.description, a.owner, a.organization,
         (SELECT count(*) FROM subscriptions AS held WHERE held.application_id = a.id AND $1 IN (a.organization, held.api_organization)) AS "subscriptionCount"
       ${FROM} ORDER BY lower(a.name), s.created_at, s.id LIMIT $5 OFFSET $6`,
      [...values, limit, offset],
    );
    return { items: rows.map(toHeldSubscription), total: Number(counted?.total ?? 0) };
  }
}

const patternsOf = (query: string): readonly string[] =>
  withoutNul(query)
    .toLowerCase()
    .split(/\s+/)
    .map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);

const toHeldSubscription = (row: Row): HeldSubscription => {
  const { id, policy, state, applicationId, name, description, owner, organization, subscriptionCount } = row;
  return {
    subscription: { id, policy, state },
    application: { id: applicationId, name, description, owner, organization },
    subscriptionCount: Number(subscriptionCount),
  };
};
