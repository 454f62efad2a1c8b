import { HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery } from '@nestjs/swagger';
import { BadRequest } from '../../domain/problem.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import type { ApiEndpointValidationResponseDto } from './endpoint-probe.dto.js';
import { EndpointProbe } from './endpoint-probe.js';

@PublisherController('apis', 'Validation')
export class EndpointsPublisherController {
  constructor(private readonly endpoints: EndpointProbe) {}

  /** `apiId` decides nothing: an endpoint is asked the same way whichever API it is for. */
  @Post('validate-endpoint')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'validateEndpoint' })
  @ApiQuery({ name: 'endpointUrl', required: true, type: String })
  @ApiQuery({ name: 'apiId', required: false, type: String })
  @HttpCode(200)
  async validateEndpoint(
    @Query('endpointUrl') endpointUrl: string | readonly string[] | undefined,
  ): Promise<ApiEndpointValidationResponseDto> {
    // A repeated parameter arrives as a list; the first counts.
    const [address] = [endpointUrl].flat();
    if (!address) {
      throw BadRequest('Validation Error').withFindings([{ code: '400_endpointUrl', message: 'endpointUrl: must not be null' }]);
    }
    return this.endpoints.probe(address);
  }
}
