import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Accounts } from '../platform/auth/accounts.js';
import { AuthModule } from '../platform/auth/auth.module.js';
import { AccountChanges } from './account-changes.js';
import { StoredAccounts } from './accounts.service.js';
import { AccountLocks } from './logins/account-locks.js';
import { AccountRows, StoredAccountRows } from './logins/account-rows.js';
import { UserLogins } from './logins/user-logins.js';
import { RoleEntity, ScopeRolesEntity, UserRoleEntity } from './roles/role.entity.js';
import { RolesService } from './roles/roles.service.js';
import { ScopeRoles } from './roles/scope-roles.js';
import { ScimConfigController, ScimResourceTypesController, ScimSchemasController } from './scim/scim-discovery.controller.js';
import { ScimGroupsController, ScimRolesController, ScimRolesV2Controller } from './scim/scim-roles.controller.js';
import { ScimRoleQueries } from './scim/scim-roles.queries.js';
import { ScimRolesService } from './scim/scim-roles.service.js';
import { ScimUrls } from './scim/scim-urls.js';
import { ScimMeController, ScimUsersController } from './scim/scim-users.controller.js';
import { ScimUserQueries } from './scim/scim-users.queries.js';
import { ScimUsersService } from './scim/scim-users.service.js';
import { Guests } from './tenant-config/guests.js';
import { TenantConfigEntity } from './tenant-config/tenant-config.entity.js';
import { TenantConfigs } from './tenant-config/tenant-configs.js';
import { TenantEntity } from './tenants/tenant.entity.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TenantQueries } from './tenants/tenants.queries.js';
import { TenantsService } from './tenants/tenants.service.js';
import { BelongingClaims } from './users/belonging-claims.js';
import { DeniedUsers } from './users/denied-users.js';
import { LocalClaims } from './users/local-claims.js';
import { UserEntity } from './users/user.entity.js';
import { UsersService } from './users/users.service.js';

const SCIM_CONTROLLERS = [
  ScimUsersController,
  ScimMeController,
  ScimGroupsController,
  ScimRolesV2Controller,
  ScimRolesController,
  ScimConfigController,
  ScimResourceTypesController,
  ScimSchemasController,
];

/** Tenants, users, roles and their scopes, and the interfaces that manage them. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([TenantEntity, TenantConfigEntity, UserEntity, RoleEntity, UserRoleEntity, ScopeRolesEntity]),
    AuthModule,
  ],
  controllers: [TenantsController, ...SCIM_CONTROLLERS],
  providers: [
    ...[TenantsService, TenantQueries, TenantConfigs, Guests, UsersService, LocalClaims, RolesService, ScopeRoles],
    ...[ScimUsersService, ScimUserQueries, ScimRolesService, ScimRoleQueries, ScimUrls],
    ...[AccountLocks, AccountChanges, BelongingClaims, DeniedUsers, UserLogins],
    { provide: AccountRows, useClass: StoredAccountRows },
    { provide: Accounts, useClass: StoredAccounts },
  ],
  exports: [
    ...[Accounts, TenantsService, TenantQueries, TenantConfigs, Guests, RolesService, ScopeRoles],
    ...[UsersService, LocalClaims, BelongingClaims, DeniedUsers],
  ],
})
export class IdentityModule {}
