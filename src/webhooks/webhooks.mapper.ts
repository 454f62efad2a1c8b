import type { WebhookSubscription } from './webhook-subscriptions.js';
import type { WebhookSubscriptionDto } from './webhooks.dto.js';

export const toWebhookSubscriptionDto = (subscription: WebhookSubscription): WebhookSubscriptionDto => ({
  apiId: subscription.apiId,
  appId: subscription.applicationId,
  topic: subscription.topic,
  callBackUrl: subscription.callbackUrl,
  deliveryTime: subscription.deliveredAt?.toISOString() ?? '',
  deliveryStatus: subscription.isDelivered ? 1 : 0,
});
