import { Get, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { withoutNul } from '../../apis/apis.queries.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { queryText } from '../../platform/http/query-text.js';
import { AddressedTenants } from '../addressed-tenants.js';
import { GatewayRestController } from '../administrators.guard.js';
import {
  artifactText,
  type DeployResponseBody,
  endpointTexts,
  localEntryTexts,
  sequenceTexts,
  toDeployResponse,
} from './artifacts.mapper.js';
import { type ApiName, ArtifactsService } from './artifacts.service.js';
import { ParametersMissing } from './gateway-rest.problems.js';

/** What the gateways serve of single APIs. */
@GatewayRestController()
export class ArtifactsController {
  constructor(
    private readonly artifacts: ArtifactsService,
    private readonly tenants: AddressedTenants,
  ) {}

  @Post('redeploy-api')
  @HttpCode(200)
  async redeploy(@Caller() caller: User, @Req() request: Request): Promise<DeployResponseBody> {
    return toDeployResponse('DEPLOYED', await this.artifacts.redeploy(await this.nameIn(caller, request)));
  }

  @Post('undeploy-api')
  @HttpCode(200)
  async undeploy(@Caller() caller: User, @Req() request: Request): Promise<DeployResponseBody> {
    return toDeployResponse('UNDEPLOYED', await this.artifacts.undeploy(await this.nameIn(caller, request)));
  }

  @Get('api-artifact')
  async artifact(@Caller() caller: User, @Req() request: Request): Promise<{ readonly api: string }> {
    return { api: artifactText(await this.artifacts.served(await this.nameIn(caller, request))) };
  }

  @Get('local-entry')
  async localEntries(@Caller() caller: User, @Req() request: Request): Promise<{ readonly localEntries: readonly string[] }> {
    return { localEntries: localEntryTexts(await this.artifacts.served(await this.nameIn(caller, request))) };
  }

  @Get('sequence')
  async sequences(@Caller() caller: User, @Req() request: Request): Promise<{ readonly sequences: readonly string[] }> {
    return { sequences: sequenceTexts(await this.artifacts.served(await this.nameIn(caller, request))) };
  }

  @Get('end-points')
  async endpoints(@Caller() caller: User, @Req() request: Request): Promise<{ readonly endpoints: readonly string[] }> {
    return { endpoints: endpointTexts(await this.artifacts.served(await this.nameIn(caller, request))) };
  }

  /** @throws ParametersMissing, UnknownTenant (400). */
  private async nameIn(caller: User, { query }: Request): Promise<ApiName> {
    const [name, version] = [queryText(query['apiName']), queryText(query['version'])];
    if (!name || !version) throw ParametersMissing(...(name ? [] : ['apiName']), ...(version ? [] : ['version']));
    const organization = await this.tenants.of(caller, queryText(query['tenantDomain']));
    return { organization, name: withoutNul(name), version: withoutNul(version) };
  }
}
