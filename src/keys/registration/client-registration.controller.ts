import { Body, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { ClientRegistrationController as Face } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { DCRDto, DCRResultDto } from './client-registration.dto.js';
import { fromDCR, toDCRResult } from './client-registration.mapper.js';
import { UnregisteringNotSupported } from './client-registration.problems.js';
import { ClientRegistrationService } from './client-registration.service.js';

@Face('')
export class ClientRegistrationController {
  constructor(private readonly registrations: ClientRegistrationService) {}

  @Post('register')
  @HttpCode(200)
  @Scopes('apim:dcr:app_manage')
  async register(@Caller() caller: User, @Body() body: DCRDto): Promise<DCRResultDto> {
    return toDCRResult(await this.registrations.register(caller, fromDCR(body)));
  }

  @Delete(['', 'register'])
  @ApiExcludeEndpoint()
  @Scopes('apim:dcr:app_manage')
  unregister(): never {
    throw UnregisteringNotSupported();
  }
}
