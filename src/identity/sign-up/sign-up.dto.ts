import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsDefined, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';

const TEXT_MAX = 4_096;
const CLAIMS_MAX = 100;

export class ClaimDto {
  @IsString() @MaxLength(TEXT_MAX) uri!: string;
  @IsString() @MaxLength(TEXT_MAX) value!: string;
}

export class SignUpUserDto {
  @IsString() @MaxLength(TEXT_MAX) username!: string;
  @IsString() @MaxLength(TEXT_MAX) password!: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) realm?: string | null;
  @IsOptional() @IsArray() @ArrayMaxSize(CLAIMS_MAX) @ValidateNested({ each: true }) @Type(() => ClaimDto) claims?: ClaimDto[] | null;
}

export class SignUpDto {
  @IsDefined() @ValidateNested() @Type(() => SignUpUserDto) user!: SignUpUserDto;
  /** Nothing in them is read: they say what a mail to the user should lead to. */
  @IsOptional() @IsArray() @ArrayMaxSize(CLAIMS_MAX) properties?: unknown[] | null;
}

export class UserNameDto {
  @IsString() @MaxLength(TEXT_MAX) username!: string;
  @IsOptional() @IsArray() @ArrayMaxSize(CLAIMS_MAX) properties?: unknown[] | null;
}
