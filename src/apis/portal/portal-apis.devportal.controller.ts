import { Get, Param, Query } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { queryText } from '../../platform/http/query-text.js';
import { type Reply, textReply } from '../../platform/http/reply.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { CrossTenant } from './cross-tenant.js';
import type { DevportalAPIDto, DevportalAPIListDto } from './portal-apis.dto.js';
import { toDevportalApi, toDevportalApiInfo } from './portal-apis.mapper.js';
import { PortalApisService } from './portal-apis.service.js';

@DevportalController('apis', 'APIs')
export class PortalApisDevportalController {
  constructor(
    private readonly apis: PortalApisService,
    private readonly crossTenant: CrossTenant,
  ) {}

  @Get()
  @Anonymous()
  @Paged()
  @ApiQuery({ name: 'query', required: false, type: String })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getApis(
    @Page() query: PageQuery,
    @Query('query') text: unknown,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<DevportalAPIListDto> {
    const { items, plans, total } = await this.apis.list({ organization, caller }, queryText(text) ?? '', query);
    const tenant = caller?.organization ?? organization;
    return page(
      items.map((api) => toDevportalApiInfo(api, this.crossTenant.isOpen(tenant, api), plans)),
      total,
      query,
    );
  }

  @Get(':apiId')
  @Anonymous()
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getApi(
    @Param('apiId') apiId: string,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<DevportalAPIDto> {
    return toDevportalApi(await this.apis.get({ organization, caller }, apiId));
  }

  @Get(':apiId/swagger')
  @Anonymous()
  @ApiQuery({ name: 'environmentName', required: false, type: String })
  @ApiQuery({ name: 'X-WSO2-Tenant-Q', required: false, type: String })
  @ApiQuery({ name: 'query', required: false, type: String })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async getSwagger(
    @Param('apiId') apiId: string,
    @Query('environmentName') environmentName: string | undefined,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<Reply<string>> {
    return textReply('application/json', await this.apis.swagger({ organization, caller }, apiId, environmentName));
  }
}
