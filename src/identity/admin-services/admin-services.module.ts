import { Module } from '@nestjs/common';
import { AuthModule } from '../../platform/auth/auth.module.js';
import { IdentityModule } from '../identity.module.js';
import { AdminServicesController, ServiceMetadataController } from './admin-services.controller.js';
import { AdminServices } from './admin-services.js';
import { RemoteUserStoreManager } from './remote-user-store-manager.js';
import { StoreQueries } from './store.queries.js';
import { TenantAdmin } from './tenant-admin.js';
import { UserAdmin } from './user-admin.js';
import { UserStoreService } from './user-store.service.js';

/** Administration of users, roles and tenants over SOAP. */
@Module({
  imports: [IdentityModule, AuthModule],
  controllers: [AdminServicesController, ServiceMetadataController],
  providers: [AdminServices, RemoteUserStoreManager, UserAdmin, TenantAdmin, UserStoreService, StoreQueries],
})
export class AdminServicesModule {}
