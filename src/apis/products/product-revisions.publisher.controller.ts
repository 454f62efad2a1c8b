import { Body, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { productRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { created, Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { DeploymentsService } from '../revisions/deployments.service.js';
import { deployedIn, environmentIn, RevisionIdMissing, targetsOf } from '../revisions/revision-requests.js';
import { APIRevisionDeploymentDto, APIRevisionDeploymentListDto, APIRevisionDto, APIRevisionListDto } from '../revisions/revisions.dto.js';
import { toDeploymentDto, toRevisionDto, toRevisionListDto } from '../revisions/revisions.mapper.js';
import { RevisionsService } from '../revisions/revisions.service.js';
import { APIProductDto } from './products.dto.js';
import { toApiProductDto } from './products.mapper.js';

const READ = ['apim:api_view', 'apim:api_create', 'apim:api_publish', 'apim:api_manage'] as const;
const WRITE = ['apim:api_create', 'apim:api_publish', 'apim:api_manage'] as const;
const IMPORT_EXPORT = 'apim:api_product_import_export';

@PublisherController('api-products/:apiProductId', 'API Product Revisions')
export class ProductRevisionsPublisherController {
  constructor(
    private readonly revisions: RevisionsService,
    private readonly deployments: DeploymentsService,
  ) {}

  @Get('revisions')
  @Scopes(...READ, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'getAPIProductRevisions' })
  @ApiQuery({ name: 'query', required: false, type: String })
  async getAPIProductRevisions(
    @Param('apiProductId') id: string,
    @Query('query') query: string | undefined,
    @Caller() caller: User,
  ): Promise<APIRevisionListDto> {
    const { revisions, deployments } = await this.revisions.list(caller, productRef(id), deployedIn(query));
    return toRevisionListDto(revisions, deployments);
  }

  @Post('revisions')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'createAPIProductRevision' })
  @ApiBody({ type: APIRevisionDto, required: false })
  @ApiCreatedResponse({ type: APIRevisionDto })
  async createAPIProductRevision(
    @Param('apiProductId') id: string,
    @Body() body: APIRevisionDto,
    @Caller() caller: User,
  ): Promise<Reply<APIRevisionDto>> {
    const revision = await this.revisions.create(caller, productRef(id), body.description ?? '');
    return created(`/api-products/${id}/revisions/${revision.id}`, toRevisionDto(revision, []));
  }

  /** The product answers 501; the contract's promise is kept here. */
  @Get('revisions/:revisionId')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIProductRevision' })
  async getAPIProductRevision(
    @Param('apiProductId') id: string,
    @Param('revisionId') revisionId: string,
    @Caller() caller: User,
  ): Promise<APIRevisionDto> {
    const revision = await this.revisions.get(caller, productRef(id), revisionId);
    return toRevisionDto(revision, await this.deployments.withRequests(caller, productRef(id)));
  }

  @Delete('revisions/:revisionId')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'deleteAPIProductRevision' })
  async deleteAPIProductRevision(
    @Param('apiProductId') id: string,
    @Param('revisionId') revisionId: string,
    @Caller() caller: User,
  ): Promise<APIRevisionListDto> {
    await this.revisions.delete(caller, productRef(id), revisionId);
    const { revisions, deployments } = await this.revisions.list(caller, productRef(id));
    return toRevisionListDto(revisions, deployments);
  }

  @Get('deployments')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIProductRevisionDeployments' })
  async getAPIProductRevisionDeployments(@Param('apiProductId') id: string, @Caller() caller: User): Promise<APIRevisionDeploymentListDto> {
    return { list: (await this.deployments.list(caller, productRef(id))).map(toDeploymentDto) };
  }

  @Put('deployments/:deploymentId')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'updateAPIProductDeployment' })
  @ApiBody({ type: APIRevisionDeploymentDto, required: false })
  async updateAPIProductDeployment(
    @Param('apiProductId') id: string,
    @Param('deploymentId') deploymentId: string,
    @Body() { vhost, displayOnDevportal = true }: APIRevisionDeploymentDto,
    @Caller() caller: User,
  ): Promise<APIRevisionDeploymentDto> {
    const change = { ...(vhost ? { vhost } : {}), displayOnDevportal };
    return toDeploymentDto(await this.deployments.update(caller, productRef(id), environmentIn(deploymentId), change));
  }

  @Post('deploy-revision')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'deployAPIProductRevision' })
  @ApiQuery({ name: 'revisionId', required: false, type: String })
  @ApiBody({ type: [APIRevisionDeploymentDto], required: false })
  @ApiCreatedResponse({ type: [APIRevisionDeploymentDto] })
  async deployAPIProductRevision(
    @Param('apiProductId') id: string,
    @Query('revisionId') revisionId: string | undefined,
    @Body() body: unknown,
    @Caller() caller: User,
  ): Promise<Reply<APIRevisionDeploymentDto[] | string>> {
    const targets = await targetsOf(body);
    if (!revisionId) return RevisionIdMissing;
    return new Reply(201, (await this.deployments.deploy(caller, productRef(id), revisionId, targets)).map(toDeploymentDto));
  }

  @Post('undeploy-revision')
  @Scopes(...WRITE, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'undeployAPIProductRevision' })
  @ApiQuery({ name: 'revisionId', required: false, type: String })
  @ApiQuery({ name: 'revisionNumber', required: false, type: String })
  @ApiQuery({ name: 'allEnvironments', required: false, schema: { type: 'boolean', default: false } })
  @ApiBody({ type: [APIRevisionDeploymentDto], required: false })
  @ApiCreatedResponse({ type: [APIRevisionDeploymentDto] })
  async undeployAPIProductRevision(
    @Param('apiProductId') id: string,
    @Query('revisionId') revisionId: string | undefined,
    @Query('revisionNumber') revisionNumber: string | undefined,
    @Query('allEnvironments') allEnvironments: string | undefined,
    @Body() body: unknown,
    @Caller() caller: User,
  ): Promise<Reply<APIRevisionDeploymentDto[] | string>> {
    const environments = (await targetsOf(body)).map(({ name }) => name ?? '');
    if (!revisionId && !revisionNumber) return RevisionIdMissing;
    const left = await this.deployments.undeploy(caller, productRef(id), {
      ...(revisionId ? { revisionId } : {}),
      ...(revisionNumber ? { revisionNumber } : {}),
      allEnvironments: allEnvironments === 'true',
      environments,
    });
    return new Reply(201, left.map(toDeploymentDto));
  }

  @Post('restore-revision')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'restoreAPIProductRevision' })
  @ApiQuery({ name: 'revisionId', required: false, type: String })
  @ApiCreatedResponse({ type: APIProductDto })
  async restoreAPIProductRevision(
    @Param('apiProductId') id: string,
    @Query('revisionId') revisionId: string | undefined,
    @Caller() caller: User,
  ): Promise<Reply<APIProductDto | string>> {
    if (!revisionId) return RevisionIdMissing;
    return new Reply(201, toApiProductDto(await this.revisions.restore(caller, productRef(id), revisionId)));
  }
}
