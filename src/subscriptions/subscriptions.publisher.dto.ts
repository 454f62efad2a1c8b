import { ApiProperty } from '@nestjs/swagger';
import type { SUBSCRIPTION_STATES } from '../domain/gateway-documents.js';
import { PaginationDto } from '../platform/http/page.js';

export class ApplicationInfoDto {
  applicationId?: string;
  name?: string;
  /** Name of the user who owns the application. */
  subscriber?: string;
  description?: string;
  @ApiProperty({ type: 'integer', required: false }) subscriptionCount?: number;
}

export class SubscriptionDto {
  subscriptionId!: string;
  applicationInfo!: ApplicationInfoDto;
  throttlingPolicy!: string;
  subscriptionStatus!: (typeof SUBSCRIPTION_STATES)[number];
}

export class SubscriptionListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: SubscriptionDto[];
  pagination?: PaginationDto;
}

export class ClaimDto {
  /** What people call it. */
  name?: string;
  URI?: string;
  value?: string;
}

export class SubscriberInfoDto {
  name?: string;
  claims?: ClaimDto[];
}
