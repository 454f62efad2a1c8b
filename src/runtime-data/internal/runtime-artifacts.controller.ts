import { Body, Get, HttpCode, Post, StreamableFile } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { Reply } from '../../platform/http/reply.js';
import { AddressedTenants } from '../addressed-tenants.js';
import { InternalDataController } from '../administrators.guard.js';
import { UUIDListDto } from './gateways.dto.js';
import { Search, TenantHeader } from './requested.js';
import { labelsIn, RuntimeArtifacts } from './runtime-artifacts.service.js';

/** What is deployed, as archives. They hold the credentials of backends: a gateway cannot call these without. */
@InternalDataController()
export class RuntimeArtifactsController {
  constructor(
    private readonly artifacts: RuntimeArtifacts,
    private readonly tenants: AddressedTenants,
  ) {}

  @Get('runtime-artifacts')
  async runtimeArtifacts(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Search('apiId') apiId?: string,
    @Search('gatewayLabel') labels?: string,
    @Search('name') name?: string,
    @Search('version') version?: string,
  ): Promise<Reply> {
    const organization = await this.tenants.allOr(caller, tenant);
    const apiIds = apiId === undefined ? undefined : [apiId];
    return zip(await this.artifacts.archive({ organization, apiIds, name, version, labels: labelsIn(labels) }));
  }

  @Post('retrieve-api-artifacts')
  @HttpCode(200)
  async retrieve(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Body() { uuids }: UUIDListDto,
    @Search('gatewayLabel') labels?: string,
  ): Promise<Reply> {
    const organization = await this.tenants.allOr(caller, tenant);
    return zip(await this.artifacts.archive({ organization, apiIds: uuids ?? [], labels: labelsIn(labels) }));
  }

  @Get('runtime-metadata')
  async metadata(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Search('apiId') apiId?: string,
    @Search('gatewayLabel') labels?: string,
  ): Promise<object> {
    const organization = await this.tenants.allOr(caller, tenant);
    return this.artifacts.metadata({ organization, apiIds: apiId === undefined ? undefined : [apiId], labels: labelsIn(labels) });
  }

  /** What the gateways of the labels run for every API of a tenant. */
  @Get('gateway-policy-artifacts')
  async gatewayPolicies(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Search('policyMappingUuid') mappingId?: string,
    @Search('gatewayLabel') labels?: string,
  ): Promise<Reply> {
    const organization = await this.tenants.allOr(caller, tenant);
    return zip(await this.artifacts.policyArchive(organization, mappingId, labelsIn(labels)));
  }
}

const zip = (content: Buffer): Reply =>
  new Reply(200, new StreamableFile(content), {
    'Content-Type': 'application/zip',
    'Content-Disposition': 'attachment; filename="apis.zip"',
  });
