import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { BearerStrategy } from './bearer.strategy.js';
import { CallerResolver } from './caller-resolver.js';
import { RestGuard } from './rest.guard.js';

/** Guards all REST controllers; the identity and keys modules provide `Accounts` and `AccessTokens` globally. */
@Global()
@Module({
  imports: [PassportModule],
  providers: [BearerStrategy, CallerResolver, { provide: APP_GUARD, useClass: RestGuard }],
  exports: [CallerResolver],
})
export class AuthModule {}
