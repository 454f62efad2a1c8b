import { Get, Headers, Param, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { invocationPath } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import type { Reply } from '../../platform/http/reply.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { serversOf } from '../portal/portal-api.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import { WsdlReader } from './wsdl-reader.js';
import { wsdlReply } from './wsdl-reply.js';
import { fileNameOf, WsdlsService } from './wsdls.service.js';

@DevportalController('apis', 'APIs')
export class WsdlDevportalController {
  constructor(
    private readonly apis: PortalApisService,
    private readonly wsdls: WsdlsService,
    private readonly reader: WsdlReader,
  ) {}

  /** With the gateway's address in place of the backend's: of an API that is deployed nowhere yet, its path at any gateway. */
  @Get(':apiId/wsdl')
  @Anonymous()
  @ApiOperation({ operationId: 'getWSDLOfAPI' })
  @ApiQuery({ name: 'format', required: false, type: String })
  @ApiQuery({ name: 'environmentName', required: false, type: String })
  @ApiQuery({ name: 'exp', required: false, type: String })
  @ApiQuery({ name: 'sig', required: false, type: String })
  @ApiQuery({ name: 'X-WSO2-Tenant-Q', required: false, type: String })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async getWSDLOfAPI(
    @Param('apiId') apiId: string,
    @Query('format') format: string | undefined,
    @Query('environmentName') environmentName: string | undefined,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
    @Headers('if-none-match') known: string | undefined,
  ): Promise<Reply<never>> {
    const { api, endpoint } = await this.apis.readableAt({ organization, caller }, apiId, environmentName);
    const { wsdl } = await this.wsdls.of(api);
    const [address = invocationPath(api)] = endpoint === undefined ? [] : serversOf(endpoint);
    const rewritten = await this.reader.at(address, wsdl, format?.toLowerCase() === 'wsdl');
    return wsdlReply(rewritten, fileNameOf(api, rewritten.type), known);
  }
}
