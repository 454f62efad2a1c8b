import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Connectors } from './connectors/connectors.js';
import { KeyManagerHttp } from './connectors/key-manager-http.js';
import { ManagementAccess } from './connectors/openid/management-access.js';
import { OpenIdConnector } from './connectors/openid/openid.connector.js';
import { OpenIdDiscovery } from './connectors/openid-discovery.js';
import { RegisteredClientEntity } from './connectors/registered-client.entity.js';
import { RegisteredClients } from './connectors/registered-clients.js';
import { GlobalKeyManagersAdminController } from './managers/admin/global-key-managers.admin.controller.js';
import { KeyManagerAdministration } from './managers/admin/key-manager-administration.js';
import { KeyManagersAdminController } from './managers/admin/key-managers.admin.controller.js';
import { KeyManagerEntity } from './managers/key-manager.entity.js';
import { KeyManagerUses } from './managers/key-manager-uses.js';
import { OutsideKeyRefresh } from './managers/outside-key-refresh.js';

/** Key managers outside of this process: their administration, their signing keys, and the connectors that make calls. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([KeyManagerEntity, RegisteredClientEntity])],
  controllers: [KeyManagersAdminController, GlobalKeyManagersAdminController],
  providers: [
    KeyManagerUses,
    KeyManagerAdministration,
    OutsideKeyRefresh,
    OpenIdDiscovery,
    KeyManagerHttp,
    ManagementAccess,
    RegisteredClients,
    OpenIdConnector,
  ],
  exports: [KeyManagerUses, KeyManagerHttp, OutsideKeyRefresh],
})
export class OutsideKeyManagersModule {
  constructor(connectors: Connectors, openId: OpenIdConnector) {
    connectors.register(openId);
  }
}
