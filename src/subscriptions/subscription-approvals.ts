import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiKeyRows } from '../api-keys/api-key-rows.js';
import type { Api } from '../domain/api.js';
import type { Application } from '../domain/application.js';
import { tenantContext } from '../domain/organization.js';
import { found } from '../domain/problem.js';
import type { Subscription } from '../domain/subscription.js';
import type { Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { WebhookSubscriptions } from '../webhooks/webhook-subscriptions.js';
import type { WorkflowEntity, WorkflowProperties } from '../workflows/workflow.entity.js';
import { type Completion, Workflows } from '../workflows/workflows.service.js';
import { SubscriptionEntity } from './subscription.entity.js';
import { SubscriptionNotFound } from './subscriptions.problems.js';
import { toSubscriptionDocument } from './subscriptions.publisher.mapper.js';

/** A subscription with what an approver is shown of its two ends. */
export interface SubscriptionInQuestion {
  readonly subscription: Subscription;
  readonly api: Pick<Api, 'name' | 'version' | 'context' | 'organization'>;
  readonly application: Pick<Application, 'name'>;
  /** Who asks, as the wire shows the name. */
  readonly subscriber: string;
}

type Change = 'SUBSCRIPTION_CREATION' | 'SUBSCRIPTION_UPDATE' | 'SUBSCRIPTION_DELETION';

/** Asks the approvers of the API's tenant about subscriptions and carries out what they decide (`reference/admin.md` §6, `devportal.md` §8). */
@Injectable()
export class SubscriptionApprovals implements OnModuleInit {
  constructor(
    private readonly workflows: Workflows,
    private readonly apiKeys: ApiKeyRows,
    private readonly webhooks: WebhookSubscriptions,
    private readonly feed: Feed,
  ) {}

  onModuleInit(): void {
    this.register('SUBSCRIPTION_CREATION', {
      approve: (tx, subscription) => this.write(tx, subscription, { state: 'UNBLOCKED' }),
      reject: (tx, subscription) => this.write(tx, subscription, { state: 'REJECTED' }),
    });
    this.register('SUBSCRIPTION_UPDATE', {
      approve: (tx, subscription, state) => this.write(tx, subscription, { state, policy: subscription.requestedPolicy }),
      reject: (tx, subscription, state) => this.write(tx, subscription, { state, requestedPolicy: subscription.policy }),
    });
    this.register('SUBSCRIPTION_DELETION', {
      approve: (tx, subscription) => this.remove(tx, subscription),
      reject: (tx, subscription, state) => this.write(tx, subscription, { state }),
    });
  }

  /** `pending`: the change waits for somebody's decision. The state the subscription has now is what it returns to. */
  ask(
    tx: Tx,
    type: Change,
    { subscription, api, application, subscriber }: SubscriptionInQuestion,
    plan: string,
  ): Promise<'now' | 'pending'> {
    const { id, apiOrganization: organization, apiId, applicationId, policy, state } = subscription;
    const shown = {
      apiName: api.name,
      apiVersion: api.version,
      apiContext: tenantContext(api.organization, api.context),
      applicationName: application.name,
      subscriptionTier: plan,
      subscriber,
    };
    const updates = [{ attributeName: 'Subscription Tier', current: policy, expected: plan }];
    const properties: WorkflowProperties = type === 'SUBSCRIPTION_UPDATE' ? { ...shown, updates } : shown;
    const about = `the application ${application.name} to the API ${api.name} ${api.version}`;
    return this.workflows.start(tx, {
      ...{ organization, type, subject: id, apiId, applicationId, subscriptionId: id, properties, input: { state } },
      description: `${SENTENCES[type]} of ${about} under the plan ${plan}, asked for by ${subscriber}`,
    });
  }

  /** What an approver is shown of an API in whatever state, held until the transaction ends; undefined when it is gone. */
  async holdApi(tx: Tx, organization: string, apiId: string): Promise<SubscriptionInQuestion['api'] | undefined> {
    const rows: readonly SubscriptionInQuestion['api'][] = await tx.em.query(
      'SELECT name, version, context, organization FROM apis WHERE organization = $1 AND id = $2 FOR SHARE',
      [organization, apiId],
    );
    return rows[0];
  }

  /** Forgets a change of plan or an end that waits; the subscription is what it was before. False when neither waits: a new one is ended instead. */
  async withdraw(tx: Tx, subscription: SubscriptionEntity): Promise<boolean> {
    const waiting = subscription.state === 'ON_HOLD' ? undefined : await this.pending(subscription, tx.em);
    if (waiting === undefined) return false;
    await this.workflows.drop(tx, waiting.organization, { type: waiting.type, subject: waiting.subject });
    await this.write(tx, subscription, { state: stateBefore(waiting), requestedPolicy: subscription.policy });
    return true;
  }

  /** What is asked about the subscription and not decided yet. Inside a transaction, give its entity manager. */
  async pending({ apiOrganization, id, state }: Subscription, em?: EntityManager): Promise<WorkflowEntity | undefined> {
    const type = ASKED[state];
    if (type === undefined) return undefined;
    return (await this.workflows.of(apiOrganization, { type, subject: id }, em)).find(({ status }) => status === 'CREATED');
  }

  /** Where an outside system sends whoever has just asked for what the subscription waits for, as JSON of the wire; undefined for nowhere. */
  async redirection({ id, state }: Pick<Subscription, 'id' | 'state'>): Promise<string | undefined> {
    const type = ASKED[state];
    return (type && (await this.workflows.redirection({ type, subject: id }))) || undefined;
  }

  /** Takes the subscription away, also from the gateway, with the webhooks that rest on it; its API keys are associated with no application any more. */
  async remove(tx: Tx, { organization, apiOrganization, id, apiId, applicationId }: Subscription): Promise<void> {
    await tx.em.delete(SubscriptionEntity, { organization, id });
    await this.apiKeys.dissociate(tx, organization, apiId, applicationId);
    await this.webhooks.removeWith(tx, apiOrganization, apiId, applicationId);
    await this.feed.remove(tx, organization, 'subscription', id);
  }

  private register(type: Change, { approve, reject }: Decisions): void {
    const decided =
      (decide: Decisions['approve']): Completion['approve'] =>
      async (tx, workflow) =>
        decide(tx, await locked(tx, workflow), stateBefore(workflow));
    this.workflows.register(type, { hold, approve: decided(approve), reject: decided(reject) });
  }

  private async write(tx: Tx, subscription: SubscriptionEntity, change: Partial<Subscription>): Promise<void> {
    const changed = await tx.em.save(Object.assign(subscription, change));
    await this.feed.put(tx, changed.organization, 'subscription', changed.id, toSubscriptionDocument(changed));
  }
}

interface Decisions {
  readonly approve: (tx: Tx, subscription: SubscriptionEntity, before: Subscription['state']) => Promise<void>;
  readonly reject: (tx: Tx, subscription: SubscriptionEntity, before: Subscription['state']) => Promise<void>;
}

/** What is asked about while a subscription has the state. */
const ASKED: Readonly<Partial<Record<Subscription['state'], Change>>> = {
  ON_HOLD: 'SUBSCRIPTION_CREATION',
  TIER_UPDATE_PENDING: 'SUBSCRIPTION_UPDATE',
  DELETE_PENDING: 'SUBSCRIPTION_DELETION',
};

const SENTENCES: Readonly<Record<Change, string>> = {
  SUBSCRIPTION_CREATION: 'Subscription',
  SUBSCRIPTION_UPDATE: 'Change of the subscription',
  SUBSCRIPTION_DELETION: 'End of the subscription',
};

/** The state in which the change found the subscription. */
const stateBefore = ({ input }: WorkflowEntity): Subscription['state'] => input['state'] as Subscription['state']; // written by `ask`

/** Application, API, subscription: the order in which everybody locks them. The workflow is the API's tenant's. */
const hold: Completion['hold'] = async (tx, { organization, applicationId, apiId, subscriptionId }) => {
  await tx.em.query(
    `SELECT 1 FROM applications WHERE id = $2
       AND organization = (SELECT organization FROM subscriptions WHERE api_organization = $1 AND id = $3) FOR SHARE`,
    [organization, applicationId, subscriptionId],
  );
  await tx.em.query('SELECT 1 FROM apis WHERE organization = $1 AND id = $2 FOR SHARE', [organization, apiId]);
  await tx.em.query('SELECT 1 FROM subscriptions WHERE api_organization = $1 AND id = $2 FOR UPDATE', [organization, subscriptionId]);
};

const locked = async (tx: Tx, { organization, subscriptionId }: WorkflowEntity): Promise<SubscriptionEntity> => {
  const where = { apiOrganization: organization, id: subscriptionId ?? '' };
  return found(await tx.em.findOneBy(SubscriptionEntity, where), SubscriptionNotFound, where.id);
};
