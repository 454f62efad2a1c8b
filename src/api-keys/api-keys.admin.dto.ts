import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import type { KeyType } from '../domain/gateway-documents.js';
import { KEY_TYPES } from './api-keys.dto.js';

export class AdminAPIKeyDto {
  keyUUID?: string;
  keyName?: string;
  /** Left out for the key of an application. */
  apiName?: string;
  /** Left out while the key is associated with no application. */
  applicationName?: string;
  @ApiProperty({ required: false, enum: KEY_TYPES }) keyType?: KeyType;
  /** Who made the key. */
  user?: string;
  /** Epoch milliseconds. */
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) issuedOn?: number;
  /** Seconds; -1 never ends. */
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) validityPeriod?: number;
  /** Epoch milliseconds; null until the key is used. */
  @ApiProperty({ type: 'integer', format: 'int64', required: false, nullable: true }) lastUsed?: number | null;
}

export class AdminAPIKeyListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: AdminAPIKeyDto[];
}

export class AdminAPIKeyRevokeRequestDto {
  @IsString() keyUUID!: string;
}
