import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';

const TEXT_MAX = 2_048;
const TOKEN_MAX = 16_384;

export class ClaimRequestDto {
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) username?: string;
  @IsOptional() @IsString() @MaxLength(TOKEN_MAX) accessToken?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) dialect?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) domain?: string;
  /** Users of outside identity providers are users here: their claims are always there. */
  @IsOptional() @IsBoolean() bindFederatedUserClaims?: boolean;
}

export class RevokeTokenInfoDto {
  @IsOptional() @IsString() @MaxLength(TOKEN_MAX) token?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) consumer_key?: string;
}

export interface ClaimBody {
  readonly uri: string;
  readonly value: string;
}

export interface ClaimListBody {
  readonly count: number;
  readonly list: readonly ClaimBody[];
}
