import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { APIMonetizationInfoDto } from '../dto/api-parts.dto.js';
import { APIMonetizationUsageDto, APIRevenueDto } from './monetization.dto.js';
import { MonetizationRefused } from './monetization.problems.js';
import { type Monetization, MonetizationService } from './monetization.service.js';

@PublisherController('', 'API Monetization')
export class MonetizationPublisherController {
  constructor(private readonly monetization: MonetizationService) {}

  @Post('apis/:apiId/monetize')
  @Scopes('apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'addAPIMonetization' })
  @HttpCode(200)
  async addAPIMonetization(@Param('apiId') apiId: string, @Caller() caller: User, @Body() body: APIMonetizationInfoDto): Promise<void> {
    await this.monetization.configure(caller, apiId, { enabled: body.enabled, properties: texts(body.properties) });
  }

  @Get('apis/:apiId/monetization')
  @Scopes('apim:api_view', 'apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPIMonetization' })
  @ApiOkResponse({})
  async getAPIMonetization(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
  ): Promise<Monetization & { readonly monetizedPolicies: Readonly<Record<string, string>> }> {
    return this.monetization.get(caller, apiId);
  }

  @Get('apis/:apiId/revenue')
  @Scopes('apim:api_view', 'apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPIRevenue' })
  async getAPIRevenue(@Param('apiId') apiId: string, @Caller() caller: User): Promise<APIRevenueDto> {
    return { properties: { ...(await this.monetization.revenue(caller, apiId)) } };
  }

  @Get('subscriptions/:subscriptionId/usage')
  @Scopes('apim:api_view', 'apim:mcp_server_view', 'apim:subscription_view', 'apim:subscription_manage')
  @ApiOperation({ operationId: 'getSubscriptionUsage' })
  async getSubscriptionUsage(@Param('subscriptionId') id: string, @Caller() caller: User): Promise<APIMonetizationUsageDto> {
    return { properties: { ...(await this.monetization.usage(caller, id)) } };
  }
}

/** @throws MonetizationRefused (400) for a value that is no text. */
const texts = (properties: Readonly<Record<string, unknown>> | null | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties ?? {}).map(([name, value]) => {
      if (typeof value !== 'string') throw MonetizationRefused(`The monetization property ${name} is no text.`);
      return [name, value];
    }),
  );
