import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityModule } from '../../identity/identity.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { DefinitionsModule } from '../definitions/definitions.module.js';
import { SharedScopeEntity } from './shared-scope.entity.js';
import { SharedScopeAttachments } from './shared-scope-attachments.js';
import { SharedScopesPublisherController } from './shared-scopes.publisher.controller.js';
import { SharedScopesQueries } from './shared-scopes.queries.js';
import { SharedScopesService } from './shared-scopes.service.js';

/** Knows the rows of APIs, not their services, so that these may attach scopes. */
@Module({
  imports: [TypeOrmModule.forFeature([SharedScopeEntity]), IdentityModule, KeysModule, DefinitionsModule],
  controllers: [SharedScopesPublisherController],
  providers: [SharedScopeAttachments, SharedScopesQueries, SharedScopesService],
  exports: [SharedScopeAttachments],
})
export class SharedScopesModule {}
