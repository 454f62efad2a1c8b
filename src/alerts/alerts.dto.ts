import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { ReadOnly } from '../platform/http/read-only.js';

export class AlertTypeDto {
  @IsOptional() @IsString() id?: string;
  @IsOptional() @IsString() name?: string;
}

export class AlertTypesListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [AlertTypeDto], required: false }) alerts!: readonly AlertTypeDto[];
}

export class AlertsSubscriptionDto {
  @ApiProperty({ type: [AlertTypeDto], required: false }) @IsOptional() alerts?: AlertTypeDto[];
  @ApiProperty({ type: 'array', items: { type: 'string', format: 'email' }, required: false }) @IsOptional() emailList?: string[];
}

export class BotDetectionAlertSubscriptionDto {
  @ReadOnly() uuid?: string;
  @IsString() email!: string;
}

export class BotDetectionAlertSubscriptionListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [BotDetectionAlertSubscriptionDto], required: false }) list!: readonly BotDetectionAlertSubscriptionDto[];
}

export class BotDetectionDataDto {
  /** Milliseconds since the epoch. */
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) recordedTime?: number;
  messageID?: string;
  apiMethod?: string;
  headerSet?: string;
  messageBody?: string;
  clientIp?: string;
}

export class BotDetectionDataListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [BotDetectionDataDto], required: false }) list!: readonly BotDetectionDataDto[];
}
