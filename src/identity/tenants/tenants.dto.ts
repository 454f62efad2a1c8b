import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';

const PROVISIONING_METHODS = ['inline-password', 'invite-via-email'] as const;

export class AdditionalClaimDto {
  @IsString()
  claim!: string;

  @IsString()
  value!: string;
}

/** The personal data of an owner; what is required depends on the call and is refused with codes of its own. */
export class OwnerUpdateDto {
  @IsOptional()
  @IsString()
  email?: string;

  @IsOptional()
  @IsString()
  firstname?: string;

  @IsOptional()
  @IsString()
  lastname?: string;

  @IsOptional()
  @IsString()
  password?: string;

  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AdditionalClaimDto)
  additionalClaims?: AdditionalClaimDto[];
}

export class OwnerDto extends OwnerUpdateDto {
  @IsOptional()
  @IsString()
  username?: string;

  @IsOptional()
  @IsIn(PROVISIONING_METHODS)
  provisioningMethod?: (typeof PROVISIONING_METHODS)[number];
}

export class TenantModelDto {
  @IsOptional()
  @IsString()
  name?: string;

  @IsOptional()
  @IsString()
  domain?: string;

  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OwnerDto)
  owners?: OwnerDto[];
}

export class LifecycleStatusDto {
  @IsBoolean()
  activated!: boolean;
}

export interface TenantAnswer {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly owners: readonly { readonly id: string; readonly username: string }[];
  readonly createdDate: string;
  readonly lifecycleStatus: { readonly activated: boolean };
}

export interface OwnerAnswer {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly additionalClaims: readonly { readonly claim: string; readonly value: string }[];
}
