import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { CurrentAndNewPasswordsDto } from './password-change.dto.js';
import { PasswordChangeService } from './password-change.service.js';

@DevportalController('me', 'Users')
export class PasswordChangeDevportalController {
  constructor(private readonly passwords: PasswordChangeService) {}

  @Post('change-password')
  @HttpCode(200)
  @Scopes('apim:subscribe')
  @ApiOperation({ operationId: 'changeUserPassword' })
  async change(@Caller() caller: User, @Body() { currentPassword = '', newPassword = '' }: CurrentAndNewPasswordsDto): Promise<void> {
    await this.passwords.change(caller, currentPassword, newPassword);
  }
}
