import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CategoriesModule } from '../../categories/categories.module.js';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { IdentityModule } from '../../identity/identity.module.js';
import { WorkModule } from '../../platform/worker-pool/work.module.js';
import { WorkflowsModule } from '../../workflows/workflows.module.js';
import { ApiEntity } from '../api.entity.js';
import { ApiDefinitionEntity } from '../api-definition.entity.js';
import { ApiScopes } from '../api-scopes.js';
import { ApisForChange } from '../apis-for-change.js';
import { DeployedMocks } from '../mocks/deployed-mocks.js';
import { AttachedPoliciesModule } from '../policies/attached-policies.module.js';
import { ProductMembersModule } from '../products/product-members.module.js';
import { SharedScopesModule } from '../shared-scopes/shared-scopes.module.js';
import { DeployedValidation } from '../validation/deployed-validation.js';
import { ApiCopiesModule } from '../versions/api-copies.module.js';
import { ApiTables } from './api-tables.js';
import { DeployedApis } from './deployed-apis.js';
import { DeployedSequences } from './deployed-sequences.js';
import { DeploymentEntity } from './deployment.entity.js';
import { DeploymentApprovals } from './deployment-approvals.js';
import { DeploymentsQueries } from './deployments.queries.js';
import { DeploymentsService } from './deployments.service.js';
import { DocumentUpgrade } from './document-upgrade.js';
import { EnvironmentTypes } from './environment-types.js';
import { RevisionEntity } from './revision.entity.js';
import { RevisionsPublisherController } from './revisions.publisher.controller.js';
import { RevisionsService } from './revisions.service.js';

/** Knows the rows of APIs, not the service that edits them, so that the latter may use it. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ApiEntity, ApiDefinitionEntity, RevisionEntity, DeploymentEntity]),
    CategoriesModule,
    EnvironmentsModule,
    SharedScopesModule,
    IdentityModule,
    WorkflowsModule,
    AttachedPoliciesModule,
    ApiCopiesModule,
    ProductMembersModule,
    WorkModule,
  ],
  controllers: [RevisionsPublisherController],
  providers: [
    ...[ApiScopes, ApiTables, ApisForChange],
    ...[DeployedApis, DeployedMocks, DeployedSequences, DeployedValidation, DocumentUpgrade, EnvironmentTypes],
    ...[DeploymentApprovals, DeploymentsQueries, DeploymentsService, RevisionsService],
  ],
  exports: [
    ...[ApiScopes, ApiTables, ApisForChange, ProductMembersModule],
    ...[DeployedApis, DocumentUpgrade, DeploymentsQueries, DeploymentsService, RevisionsService],
  ],
})
export class RevisionsModule {}
