import { Module } from '@nestjs/common';
import { IdentityModule } from '../../identity/identity.module.js';
import { ApisQueries } from '../apis.queries.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ProvidersAdminController } from './providers.admin.controller.js';
import { ProvidersService } from './providers.service.js';

@Module({ imports: [IdentityModule, RevisionsModule], controllers: [ProvidersAdminController], providers: [ProvidersService, ApisQueries] })
export class ProvidersModule {}
