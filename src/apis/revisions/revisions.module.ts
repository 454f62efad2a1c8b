import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { ApiEntity } from '../api.entity.js';
import { ApiDefinitionEntity } from '../api-definition.entity.js';
import { ApiScopes } from '../api-scopes.js';
import { ApisForChange } from '../apis-for-change.js';
import { SharedScopesModule } from '../shared-scopes/shared-scopes.module.js';
import { DeployedApis } from './deployed-apis.js';
import { DeploymentEntity } from './deployment.entity.js';
import { DeploymentsQueries } from './deployments.queries.js';
import { DeploymentsService } from './deployments.service.js';
import { RevisionEntity } from './revision.entity.js';
import { RevisionsPublisherController } from './revisions.publisher.controller.js';
import { RevisionsService } from './revisions.service.js';

/** Knows the rows of APIs, not the service that edits them, so that the latter may use it. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ApiEntity, ApiDefinitionEntity, RevisionEntity, DeploymentEntity]),
    EnvironmentsModule,
    SharedScopesModule,
  ],
  controllers: [RevisionsPublisherController],
  providers: [ApiScopes, ApisForChange, DeployedApis, DeploymentsQueries, DeploymentsService, RevisionsService],
  exports: [ApiScopes, ApisForChange, DeployedApis, DeploymentsQueries, RevisionsService],
})
export class RevisionsModule {}
