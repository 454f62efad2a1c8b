import { Get, Param, Query } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { GatehouseController } from '../../platform/http/controllers.js';
import { Reply } from '../../platform/http/reply.js';
import { Anonymous } from '../../platform/http/scopes.js';
import type { CurlCommandListDto } from './try-out.dto.js';
import { TryOutService } from './try-out.service.js';

/** Ways to try an API that no contract of the product has; open to whoever may open the API in the developer portal. */
@GatehouseController('apis/:apiId', 'Try-out')
@Anonymous()
@ApiHeader({ name: 'X-WSO2-Tenant', required: false })
export class TryOutGatehouseController {
  constructor(private readonly tryOut: TryOutService) {}

  /** A collection for Postman (format 2.1) with the addresses of the named environment, or of any one. */
  @Get('postman-collection')
  @ApiQuery({ name: 'environmentName', required: false, type: String })
  async getPostmanCollection(
    @Param('apiId') apiId: string,
    @Query('environmentName') environmentName: string | undefined,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<Reply<string>> {
    return new Reply(200, await this.tryOut.collection({ organization, caller }, apiId, environmentName), {
      'Content-Type': 'application/json',
      'Content-Disposition': 'attachment; filename="postman_collection.json"',
    });
  }

  /** A curl command for each operation. */
  @Get('curl-commands')
  @ApiQuery({ name: 'environmentName', required: false, type: String })
  async getCurlCommands(
    @Param('apiId') apiId: string,
    @Query('environmentName') environmentName: string | undefined,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<CurlCommandListDto> {
    const list = await this.tryOut.commands({ organization, caller }, apiId, environmentName);
    return { count: list.length, list };
  }
}
