import { Module } from '@nestjs/common';
import { AuthModule } from '../../platform/auth/auth.module.js';
import { DcrController } from './dcr.controller.js';
import { DcrService } from './dcr.service.js';
import { DcrSecretsController } from './dcr-secrets.controller.js';
import { UserClaimsController } from './user-claims.controller.js';
import { UserClaimsService } from './user-claims.service.js';

/** What administrators and other servers ask of the key manager, below `/keymanager-operations`. */
@Module({
  imports: [AuthModule],
  controllers: [DcrController, DcrSecretsController, UserClaimsController],
  providers: [DcrService, UserClaimsService],
  exports: [DcrService],
})
export class KeyManagerOperationsModule {}
