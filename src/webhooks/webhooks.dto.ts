import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../platform/http/page.js';

export class WebhookSubscriptionDto {
  apiId?: string;
  appId?: string;
  topic?: string;
  callBackUrl?: string;
  /** ISO 8601; empty before the first delivery. */
  deliveryTime?: string;
  /** 1: the last delivery arrived. 0: it did not, or there was none yet. */
  @ApiProperty({ type: 'integer', required: false }) deliveryStatus?: number;
}

export class WebhookSubscriptionListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: WebhookSubscriptionDto[];
  pagination?: PaginationDto;
}
