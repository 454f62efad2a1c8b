import { Module } from '@nestjs/common';
import { KeyManagerOperationsModule } from '../../keys/operations/key-manager-operations.module.js';
import { AuthModule } from '../../platform/auth/auth.module.js';
import { IdentityModule } from '../identity.module.js';
import { AdminServicesController, ServiceMetadataController } from './admin-services.controller.js';
import { AdminServices } from './admin-services.js';
import { OAuthAdmin } from './oauth-admin.js';
import { RemoteUserStoreManager } from './remote-user-store-manager.js';
import { StoreQueries } from './store.queries.js';
import { TenantAdmin } from './tenant-admin.js';
import { UserAdmin } from './user-admin.js';
import { UserStoreService } from './user-store.service.js';

/** Administration of users, roles, tenants and OAuth clients over SOAP. */
@Module({
  imports: [IdentityModule, AuthModule, KeyManagerOperationsModule],
  controllers: [AdminServicesController, ServiceMetadataController],
  providers: [AdminServices, RemoteUserStoreManager, UserAdmin, TenantAdmin, OAuthAdmin, UserStoreService, StoreQueries],
})
export class AdminServicesModule {}
