import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity.module.js';
import { PasswordChangeDevportalController } from './password-change.devportal.controller.js';
import { PasswordChangeService } from './password-change.service.js';

@Module({ imports: [IdentityModule], controllers: [PasswordChangeDevportalController], providers: [PasswordChangeService] })
export class PasswordChangeModule {}
