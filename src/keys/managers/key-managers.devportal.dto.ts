import { ApiProperty } from '@nestjs/swagger';
import { TOKEN_TYPES } from './key-manager.js';

export class ApplicationConfigurationConstraintDto {
  @ApiProperty({ required: false }) type!: string;
  @ApiProperty({ type: Object, required: false }) value!: Record<string, unknown>;
}

export class KeyManagerApplicationConfigurationDto {
  @ApiProperty({ required: false }) name!: string;
  @ApiProperty({ required: false }) label!: string;
  @ApiProperty({ required: false }) type!: string;
  @ApiProperty({ required: false }) required!: boolean;
  @ApiProperty({ required: false }) mask!: boolean;
  @ApiProperty({ required: false }) multiple!: boolean;
  @ApiProperty({ required: false }) tooltip!: string;
  /** An object in the contract; portals expect the plain value. */
  @ApiProperty({ type: Object, required: false }) default!: unknown;
  @ApiProperty({ type: 'array', items: { type: 'object' }, required: false }) values!: unknown[];
  @ApiProperty({ type: ApplicationConfigurationConstraintDto, required: false }) constraint?: ApplicationConfigurationConstraintDto;
}

export class DevportalKeyManagerInfoDto {
  @ApiProperty({ required: false }) id!: string;
  name!: string;
  type!: string;
  @ApiProperty({ required: false }) displayName!: string;
  @ApiProperty({ required: false }) description!: string;
  @ApiProperty({ required: false }) enabled!: boolean;
  @ApiProperty({ type: [String], required: false }) availableGrantTypes!: string[];
  @ApiProperty({ required: false }) tokenEndpoint!: string;
  @ApiProperty({ required: false }) revokeEndpoint!: string;
  @ApiProperty({ required: false }) userInfoEndpoint!: string;
  @ApiProperty({ required: false }) enableTokenGeneration!: boolean;
  @ApiProperty({ required: false, default: false }) enableTokenEncryption!: boolean;
  @ApiProperty({ required: false, default: false }) enableTokenHashing!: boolean;
  @ApiProperty({ required: false, default: true }) enableOAuthAppCreation!: boolean;
  @ApiProperty({ required: false, default: false }) enableMapOAuthConsumerApps!: boolean;
  @ApiProperty({ type: [KeyManagerApplicationConfigurationDto], required: false })
  applicationConfiguration!: KeyManagerApplicationConfigurationDto[];
  @ApiProperty({ required: false }) alias!: string;
  @ApiProperty({ type: Object, required: false }) additionalProperties!: Record<string, unknown>;
  @ApiProperty({ enum: TOKEN_TYPES, required: false, default: 'DIRECT' }) tokenType!: (typeof TOKEN_TYPES)[number];
}

export class DevportalKeyManagerListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [DevportalKeyManagerInfoDto], required: false }) list!: DevportalKeyManagerInfoDto[];
}
