import { ownerOf } from '../applications/applications.mapper.js';
import type { Application } from '../domain/application.js';
import type { SubscriptionDocument } from '../domain/gateway-documents.js';
import type { Subscription } from '../domain/subscription.js';
import { LOCAL_DIALECT } from '../identity/users/user-rules.js';
import type { SubscriberInfoDto, SubscriptionDto } from './subscriptions.publisher.dto.js';

/** A subscription as publishers see it, with the application that holds it. */
export interface HeldSubscription {
  readonly subscription: Pick<Subscription, 'id' | 'policy' | 'state'>;
  readonly application: Pick<Application, 'id' | 'name' | 'description' | 'owner' | 'organization'>;
  /** How many subscriptions the application has; of another tenant's only those to the publisher's own tenant, the others are not its business. */
  readonly subscriptionCount: number;
}

export const toPublisherSubscriptionDto = ({ subscription, application, subscriptionCount }: HeldSubscription): SubscriptionDto => ({
  subscriptionId: subscription.id,
  applicationInfo: {
    applicationId: application.id,
    name: application.name,
    subscriber: ownerOf(application),
    description: application.description,
    subscriptionCount,
  },
  throttlingPolicy: subscription.policy,
  subscriptionStatus: subscription.state,
});

/** What the gateway knows of a subscription. */
export const toSubscriptionDocument = ({ id, apiId, applicationId, policy, state }: Subscription): SubscriptionDocument => ({
  subscriptionId: id,
  apiId,
  applicationId,
  policy,
  state,
});

/** The common ones; others are called as their URI ends. */
const CLAIM_NAMES: Readonly<Record<string, string>> = {
  givenname: 'First Name',
  lastname: 'Last Name',
  emailaddress: 'Email',
  organization: 'Organization',
};

/** The named claims that the subscriber has, in the order of the URIs; those without a value are left out. */
export const toSubscriberInfoDto = (
  name: string,
  claims: Readonly<Record<string, string>>,
  uris: readonly string[],
): SubscriberInfoDto => ({
  name,
  claims: uris.flatMap((uri) => {
    const local = uri.startsWith(LOCAL_DIALECT) ? uri.slice(LOCAL_DIALECT.length) : uri;
    const value = Object.hasOwn(claims, local) ? claims[local] : undefined;
    return value ? { name: CLAIM_NAMES[local] ?? local, URI: uri, value } : [];
  }),
});
