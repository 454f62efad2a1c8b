import { Get, Param, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import { found, NotFound } from '../domain/problem.js';
import type { PolicyLevel } from '../domain/throttling.js';
import type { User } from '../domain/user.js';
import { TenantsService } from '../identity/tenants/tenants.service.js';
import { Caller } from '../platform/http/caller.js';
import { PublisherController } from '../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../platform/http/page.js';
import { Scopes } from '../platform/http/scopes.js';
import { SubscriptionPolicyListDto, ThrottlingPolicyDto, ThrottlingPolicyListDto } from './dto/throttling-policy.publisher.dto.js';
import { toPublisherPolicy, toStreamingPolicy } from './portal-policies.mapper.js';
import { UnknownLevel } from './throttling.problems.js';
import { ThrottlingPoliciesService } from './throttling-policies.service.js';
import { isInternal, type ThrottlingPolicy } from './throttling-policy.js';

const READ = ['apim:api_view', 'apim:mcp_server_view', 'apim:tier_view', 'apim:tier_manage'];
/** The publisher's words for the levels it chooses from. */
const LEVELS: ReadonlyMap<string, PolicyLevel> = new Map([
  ['subscription', 'subscription'],
  ['api', 'advanced'],
]);

/** In the contract's own spelling; the path takes `subscription`. */
const LEVEL_PARAMETER = { name: 'policyLevel', schema: { type: 'string', enum: ['api', 'subcription'] } } as const;

const levelOf = (text: string): PolicyLevel => found(LEVELS.get(text), UnknownLevel, text, [...LEVELS.keys()].join(', '));

@PublisherController('throttling-policies', 'Throttling Policies')
export class ThrottlingPoliciesPublisherController {
  constructor(
    private readonly policies: ThrottlingPoliciesService,
    private readonly tenants: TenantsService,
  ) {}

  /** Plans for requests; those for asynchronous APIs are listed by the streaming operation, those for AI APIs on demand. */
  @Get(':policyLevel')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAllThrottlingPolicies' })
  @ApiParam(LEVEL_PARAMETER)
  @Paged()
  @ApiQuery({ name: 'isAiApi', required: false, schema: { type: 'boolean', default: false } })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async list(
    @Caller() caller: User,
    @Param('policyLevel') level: string,
    @Page() query: PageQuery,
    @Query('isAiApi') isAiApi = 'false',
  ): Promise<ThrottlingPolicyListDto> {
    const all = await this.offered(caller, levelOf(level));
    const fits = (policy: ThrottlingPolicy) =>
      policy.level === 'advanced' ||
      (policy.quota.type !== 'EVENTCOUNTLIMIT' && (policy.quota.type === 'AIAPIQUOTALIMIT') === (isAiApi === 'true'));
    return windowOf(all.filter(fits).map(toPublisherPolicy), query);
  }

  @Get('streaming/subscription')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getSubscriptionThrottlingPolicies' })
  @Paged()
  @ApiHeader({ name: 'If-None-Match', required: false })
  async listStreaming(@Caller() caller: User, @Page() query: PageQuery): Promise<SubscriptionPolicyListDto> {
    const plans = (await this.offered(caller, 'subscription')).filter(({ quota }) => quota.type === 'EVENTCOUNTLIMIT');
    const tenant = found(await this.tenants.byDomain(caller.organization), NotFound('Tenant'), caller.organization);
    return windowOf(
      plans.map((plan) => toStreamingPolicy(plan, tenant.tenantId)),
      query,
    );
  }

  @Get(':policyLevel/:policyName')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getThrottlingPolicyByName' })
  @ApiParam(LEVEL_PARAMETER)
  @ApiHeader({ name: 'If-None-Match', required: false })
  async get(@Caller() caller: User, @Param('policyLevel') level: string, @Param('policyName') name: string): Promise<ThrottlingPolicyDto> {
    const policy = await this.policies.find(caller.organization, levelOf(level), name);
    return toPublisherPolicy(found(policy && !isInternal(policy) ? policy : undefined, NotFound('Throttling Policy'), name));
  }

  private async offered(caller: User, level: PolicyLevel): Promise<readonly ThrottlingPolicy[]> {
    return (await this.policies.list(caller.organization, level)).filter((policy) => !isInternal(policy));
  }
}

const windowOf = <T>(items: readonly T[], query: PageQuery) => {
  const shown = items.slice(query.offset, query.offset + query.limit);
  return { ...page(shown, items.length, query), list: shown };
};
