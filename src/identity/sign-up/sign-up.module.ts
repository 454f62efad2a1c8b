import { Module } from '@nestjs/common';
import { AuthModule } from '../../platform/auth/auth.module.js';
import { WorkflowsModule } from '../../workflows/workflows.module.js';
import { SignUpController } from './sign-up.controller.js';
import { SignUpService } from './sign-up.service.js';

/** People who make their own account. */
@Module({ imports: [AuthModule, WorkflowsModule], controllers: [SignUpController], providers: [SignUpService], exports: [SignUpService] })
export class SignUpModule {}
