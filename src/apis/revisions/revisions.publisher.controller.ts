import { Body, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { created, Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { toApiDto } from '../apis.mapper.js';
import { APIDto } from '../dto/api.dto.js';
import { DeploymentsService } from './deployments.service.js';
import { deployedIn, environmentIn, RevisionIdMissing, targetsOf } from './revision-requests.js';
import { APIRevisionDeploymentDto, APIRevisionDeploymentListDto, APIRevisionDto, APIRevisionListDto } from './revisions.dto.js';
import { toDeploymentDto, toRevisionDto, toRevisionListDto } from './revisions.mapper.js';
import { RevisionsService } from './revisions.service.js';

const READ = ['apim:api_view', 'apim:api_create', 'apim:api_manage', 'apim:api_publish'] as const;
const WRITE = ['apim:api_create', 'apim:api_manage', 'apim:api_publish'] as const;
const IMPORT_EXPORT = 'apim:api_import_export';

@PublisherController('apis/:apiId', 'API Revisions')
export class RevisionsPublisherController {
  constructor(
    private readonly revisions: RevisionsService,
    private readonly deployments: DeploymentsService,
  ) {}

  @Get('revisions')
  @Scopes(...READ, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'getAPIRevisions' })
  @ApiQuery({ name: 'query', required: false, type: String })
  async getAPIRevisions(
    @Param('apiId') apiId: string,
    @Query('query') query: string | undefined,
    @Caller() caller: User,
  ): Promise<APIRevisionListDto> {
    const { revisions, deployments } = await this.revisions.list(caller, apiRef(apiId), deployedIn(query));
    return toRevisionListDto(revisions, deployments);
  }

  @Post('revisions')
  @Scopes(...WRITE, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'createAPIRevision' })
  @ApiCreatedResponse({ type: APIRevisionDto })
  async createAPIRevision(
    @Param('apiId') apiId: string,
    @Body() body: APIRevisionDto,
    @Caller() caller: User,
  ): Promise<Reply<APIRevisionDto>> {
    const revision = await this.revisions.create(caller, apiRef(apiId), body.description ?? '');
    return created(`/apis/${apiId}/revisions/${revision.id}`, toRevisionDto(revision, []));
  }

  /** The product answers 501; the contract's promise is kept here. */
  @Get('revisions/:revisionId')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIRevision' })
  async getAPIRevision(
    @Param('apiId') apiId: string,
    @Param('revisionId') revisionId: string,
    @Caller() caller: User,
  ): Promise<APIRevisionDto> {
    const revision = await this.revisions.get(caller, apiRef(apiId), revisionId);
    return toRevisionDto(revision, await this.deployments.withRequests(caller, apiRef(apiId)));
  }

  @Delete('revisions/:revisionId')
  @Scopes(...WRITE, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'deleteAPIRevision' })
  async deleteAPIRevision(
    @Param('apiId') apiId: string,
    @Param('revisionId') revisionId: string,
    @Caller() caller: User,
  ): Promise<APIRevisionListDto> {
    await this.revisions.delete(caller, apiRef(apiId), revisionId);
    const { revisions, deployments } = await this.revisions.list(caller, apiRef(apiId));
    return toRevisionListDto(revisions, deployments);
  }

  @Get('deployments')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIRevisionDeployments' })
  async getAPIRevisionDeployments(@Param('apiId') apiId: string, @Caller() caller: User): Promise<APIRevisionDeploymentListDto> {
    return { list: (await this.deployments.list(caller, apiRef(apiId))).map(toDeploymentDto) };
  }

  @Put('deployments/:deploymentId')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'updateAPIDeployment' })
  async updateAPIDeployment(
    @Param('apiId') apiId: string,
    @Param('deploymentId') deploymentId: string,
    @Body() { vhost, displayOnDevportal = true }: APIRevisionDeploymentDto,
    @Caller() caller: User,
  ): Promise<APIRevisionDeploymentDto> {
    return toDeploymentDto(
      await this.deployments.update(caller, apiRef(apiId), environmentIn(deploymentId), {
        ...(vhost ? { vhost } : {}),
        displayOnDevportal,
      }),
    );
  }

  @Post('deploy-revision')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'deployAPIRevision' })
  @ApiQuery({ name: 'revisionId', required: false, type: String })
  @ApiBody({ type: [APIRevisionDeploymentDto], required: false })
  @ApiCreatedResponse({ type: [APIRevisionDeploymentDto] })
  async deployAPIRevision(
    @Param('apiId') apiId: string,
    @Query('revisionId') revisionId: string | undefined,
    @Body() body: unknown,
    @Caller() caller: User,
  ): Promise<Reply<APIRevisionDeploymentDto[] | string>> {
    const targets = await targetsOf(body);
    if (!revisionId) return RevisionIdMissing;
    return new Reply(201, (await this.deployments.deploy(caller, apiRef(apiId), revisionId, targets)).map(toDeploymentDto));
  }

  @Post('undeploy-revision')
  @Scopes(...WRITE, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'undeployAPIRevision' })
  @ApiQuery({ name: 'revisionId', required: false, type: String })
  @ApiQuery({ name: 'revisionNumber', required: false, type: String })
  @ApiQuery({ name: 'allEnvironments', required: false, schema: { type: 'boolean', default: false } })
  @ApiBody({ type: [APIRevisionDeploymentDto], required: false })
  @ApiCreatedResponse({ type: [APIRevisionDeploymentDto] })
  async undeployAPIRevision(
    @Param('apiId') apiId: string,
    @Query('revisionId') revisionId: string | undefined,
    @Query('revisionNumber') revisionNumber: string | undefined,
    @Query('allEnvironments') allEnvironments: string | undefined,
    @Body() body: unknown,
    @Caller() caller: User,
  ): Promise<Reply<APIRevisionDeploymentDto[] | string>> {
    const environments = (await targetsOf(body)).map(({ name }) => name ?? '');
    if (!revisionId && !revisionNumber) return RevisionIdMissing;
    const left = await this.deployments.undeploy(caller, apiRef(apiId), {
      ...(revisionId ? { revisionId } : {}),
      ...(revisionNumber ? { revisionNumber } : {}),
      allEnvironments: allEnvironments === 'true',
      environments,
    });
    return new Reply(201, left.map(toDeploymentDto));
  }

  @Delete('cancel-revision-workflow/:revisionId/:envName')
  @Scopes('apim:api_publish', 'apim:api_manage', 'apim:api_create')
  @ApiOperation({ operationId: 'deleteAPIRevisionDeploymentPendingTask' })
  async deleteAPIRevisionDeploymentPendingTask(
    @Param('apiId') apiId: string,
    @Param('revisionId') revisionId: string,
    @Param('envName') environment: string,
    @Caller() caller: User,
  ): Promise<void> {
    await this.deployments.cancel(caller, apiRef(apiId), revisionId, environment);
  }

  @Post('restore-revision')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'restoreAPIRevision' })
  @ApiQuery({ name: 'revisionId', required: false, type: String })
  @ApiCreatedResponse({ type: APIDto })
  async restoreAPIRevision(
    @Param('apiId') apiId: string,
    @Query('revisionId') revisionId: string | undefined,
    @Caller() caller: User,
  ): Promise<Reply<APIDto | string>> {
    if (!revisionId) return RevisionIdMissing;
    return new Reply(201, toApiDto(await this.revisions.restore(caller, apiRef(apiId), revisionId)));
  }
}
