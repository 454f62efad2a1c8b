import { IsString, MaxLength } from 'class-validator';

const LENGTH_MAX = 1_024;

export class CurrentAndNewPasswordsDto {
  @IsString() @MaxLength(LENGTH_MAX) currentPassword?: string = '';
  @IsString() @MaxLength(LENGTH_MAX) newPassword?: string = '';
}
