import { Module } from '@nestjs/common';
import { IdentityModule } from '../../identity/identity.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { LinterRulesPublisherController } from './linter-rules.publisher.controller.js';

@Module({ imports: [IdentityModule, RevisionsModule], controllers: [LinterRulesPublisherController] })
export class LinterModule {}
