import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { TenantsPublisherController } from './tenants.publisher.controller.js';

/** Which tenants there are, for those who choose among them. */
@Module({ imports: [IdentityModule], controllers: [TenantsPublisherController] })
export class TenantDirectoryModule {}
