import { ApiProperty } from '@nestjs/swagger';
import { Allow, IsOptional } from 'class-validator';
import { PaginationDto } from '../../platform/http/page.js';

export class OperationPolicySpecAttributeDto {
  @ApiProperty({ required: false }) name!: string;
  @ApiProperty({ required: false }) displayName!: string;
  @ApiProperty({ required: false }) description!: string;
  @ApiProperty({ type: 'string', required: false }) validationRegex!: string | null;
  @ApiProperty({ required: false }) type!: string;
  @ApiProperty({ required: false }) required!: boolean;
  @ApiProperty({ type: 'string', required: false }) defaultValue!: string | null;
  @ApiProperty({ type: [String], required: false }) allowedValues!: readonly string[];
}

export class OperationPolicyDataDto {
  @ApiProperty({ required: false }) category!: string;
  @ApiProperty({ required: false }) id!: string;
  @ApiProperty({ required: false }) name!: string;
  @ApiProperty({ required: false, default: 'v1' }) version!: string;
  @ApiProperty({ required: false }) displayName!: string;
  @ApiProperty({ required: false }) description!: string;
  @ApiProperty({ type: [String], required: false }) applicableFlows!: readonly string[];
  @ApiProperty({ type: [String], required: false }) supportedGateways!: readonly string[];
  /** Names of types, or objects that name a subtype as well. */
  @ApiProperty({ type: 'array', items: { type: 'object', properties: {} }, required: false })
  supportedApiTypes!: readonly (string | { readonly apiType: string; readonly subType?: string })[];
  @ApiProperty({ required: false }) isAPISpecific!: boolean;
  @ApiProperty({ required: false }) md5!: string;
  @ApiProperty({ type: [OperationPolicySpecAttributeDto], required: false }) policyAttributes!: readonly OperationPolicySpecAttributeDto[];
}

export class OperationPolicyDataListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [OperationPolicyDataDto], required: false }) list!: readonly OperationPolicyDataDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}

/** The parts of a policy; they come with the upload. */
export class OperationPolicyForm {
  @ApiProperty({ format: 'binary', type: 'string', required: false }) @IsOptional() @Allow() policySpecFile?: string;
  @ApiProperty({ format: 'binary', type: 'string', required: false }) @IsOptional() @Allow() synapsePolicyDefinitionFile?: string;
  @ApiProperty({ format: 'binary', type: 'string', required: false }) @IsOptional() @Allow() ccPolicyDefinitionFile?: string;
}

export class ImportOperationPolicyForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @Allow() file!: string;
}
