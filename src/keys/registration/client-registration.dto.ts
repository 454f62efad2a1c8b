import { ApiHideProperty, ApiProperty } from '@nestjs/swagger';
import { Allow, IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { ReadOnly } from '../../platform/http/read-only.js';

const TEXT_MAX = 2_048;
const NAME_MAX = 255;
const YES_OR_NO = [true, false, 'true', 'false'] as const;

/** The contract calls these fields read-only by mistake: they are what the caller sends. */
export class DCRDto {
  @ApiProperty({ readOnly: true, required: false })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  callbackUrl?: string;

  @ApiProperty({ readOnly: true, required: false })
  @IsString()
  @IsNotEmpty()
  @MaxLength(NAME_MAX)
  clientName!: string;

  @ApiProperty({ readOnly: true, required: false })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_MAX)
  owner?: string;

  /** Separated by blanks. */
  @ApiProperty({ readOnly: true, required: false })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  grantType?: string;

  /** A text in the contract; tools send a boolean as well. */
  @ApiProperty({ type: String, readOnly: true, required: false })
  @IsOptional()
  @IsIn(YES_OR_NO)
  saasApp?: boolean | string;

  @ApiProperty({ readOnly: true, required: false })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_MAX)
  tokenType?: string;

  /** There is one user store, whose domain never shows: without effect. */
  @ApiProperty({ type: String, readOnly: true, required: false })
  @Allow()
  userstoreDomainInSubject?: boolean | string;

  /** The same, as the product's portals spell it. */
  @ApiHideProperty()
  @Allow()
  userStoreDomainInSubject?: boolean | string;

  /** Sent by some tools, without effect: the scopes are asked for with each token. */
  @ApiHideProperty()
  @Allow()
  tokenScope?: string;
}

export class DCRResultDto {
  @ReadOnly() callbackUrl!: string;
  @ReadOnly() clientName!: string;
  @ReadOnly() clientId!: string;
  @ReadOnly() clientSecret!: string;
  /** The product answers a boolean, not the text of the contract. */
  @ReadOnly({ type: String }) isSaasApplication!: boolean;
  @ReadOnly() appOwner!: string;
  @ReadOnly() jsonString!: string;
  @ReadOnly() jsonAppAttribute!: string;
  @ReadOnly({ type: String }) applicationUUID!: string | null;
  @ReadOnly() tokenType!: string;
  /** How the product spells it; the contract has `callbackUrl`. */
  @ApiHideProperty() callBackURL!: string;
}
