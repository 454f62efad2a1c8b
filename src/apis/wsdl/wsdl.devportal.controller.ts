import { Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { invocationPath } from '../../domain/api.js';
import { SUPER_TENANT } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { queryText } from '../../platform/http/query-text.js';
import { type Reply, textReply } from '../../platform/http/reply.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { serversOf } from '../portal/portal-api.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import { ResourceTypeUnknown } from './wsdl.problems.js';
import { WsdlLinks } from './wsdl-links.js';
import { WsdlReader } from './wsdl-reader.js';
import { wsdlReply } from './wsdl-reply.js';
import { fileNameOf, WsdlsService } from './wsdls.service.js';

@DevportalController('apis', 'APIs')
export class WsdlDevportalController {
  constructor(
    private readonly apis: PortalApisService,
    private readonly wsdls: WsdlsService,
    private readonly reader: WsdlReader,
    private readonly links: WsdlLinks,
  ) {}

  /** With the gateway's address in place of the backend's: of an API that is deployed nowhere yet, its path at any gateway. A link opens it without signing in. */
  @Get(':apiId/wsdl')
  @Anonymous()
  @ApiOperation({ operationId: 'getWSDLOfAPI' })
  @ApiQuery({ name: 'format', required: false, type: String })
  @ApiQuery({ name: 'environmentName', required: false, type: String })
  @ApiQuery({ name: 'exp', required: false, schema: { type: 'integer', format: 'int64' } })
  @ApiQuery({ name: 'sig', required: false, type: String })
  @ApiQuery({ name: 'X-WSO2-Tenant-Q', required: false, type: String })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async getWSDLOfAPI(
    @Param('apiId') apiId: string,
    @Query('format') format: string | undefined,
    @Query('environmentName') environmentName: string | undefined,
    @Query() { exp, sig, 'X-WSO2-Tenant-Q': linkedTenant }: Readonly<Record<string, unknown>>,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
    @Headers('if-none-match') known: string | undefined,
  ): Promise<Reply<never>> {
    const signature = queryText(sig);
    const wanted = { apiId, environmentName: environmentName ?? '', format: format ?? '' };
    const viewer =
      signature === undefined
        ? { organization, caller }
        : await this.links.viewer(queryText(linkedTenant) ?? SUPER_TENANT, wanted, { exp: queryText(exp) ?? '', sig: signature });
    const { api, endpoint } = await this.apis.readableAt(viewer, apiId, environmentName);
    const { wsdl } = await this.wsdls.of(api);
    const [address = invocationPath(api)] = endpoint === undefined ? [] : serversOf(endpoint);
    const rewritten = await this.reader.at(address, wsdl, format?.toLowerCase() === 'wsdl');
    return wsdlReply(rewritten, fileNameOf(api, rewritten.type), known);
  }

  /** An address of the WSDL that opens for ten minutes without signing in. */
  @Post(':apiId/generate-definition-url')
  @HttpCode(200)
  @Anonymous()
  @ApiOperation({ operationId: 'generateDefinitionURL' })
  @ApiOkResponse({ content: { 'application/json': { schema: { type: 'string' } } } })
  @ApiQuery({ name: 'type', required: true, enum: ['wsdl'] })
  @ApiQuery({ name: 'environmentName', required: false, type: String })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async generateDefinitionURL(
    @Param('apiId') apiId: string,
    @Query('type') type: unknown,
    @Query('environmentName') environmentName: string | undefined,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<Reply<string>> {
    if (queryText(type)?.toLowerCase() !== 'wsdl') throw ResourceTypeUnknown();
    const { api } = await this.apis.readableAt({ organization, caller }, apiId, environmentName);
    await this.wsdls.of(api);
    const link = this.links.make({ organization, caller }, { apiId, environmentName: environmentName ?? '', format: '' });
    return textReply('application/json', JSON.stringify(link));
  }
}
