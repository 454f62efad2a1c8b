import { Get, Param } from '@nestjs/common';
import { ApiHeader, ApiParam } from '@nestjs/swagger';
import { found, NotFound } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Guests } from '../identity/tenant-config/guests.js';
import { MaybeCaller, Tenant } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../platform/http/page.js';
import { Anonymous } from '../platform/http/scopes.js';
import { DevportalThrottlingPolicyDto, DevportalThrottlingPolicyListDto } from './dto/throttling-policy.devportal.dto.js';
import { toDevportalPolicy } from './portal-policies.mapper.js';
import { UnknownLevel } from './throttling.problems.js';
import { ThrottlingPoliciesService } from './throttling-policies.service.js';
import { isInternal, mayUse, type ThrottlingPolicy } from './throttling-policy.js';

const LEVELS = ['application', 'subscription'] as const;
type Level = (typeof LEVELS)[number];

const levelOf = (text: string): Level =>
  found(
    LEVELS.find((level) => level === text),
    UnknownLevel,
    text,
    LEVELS.join(', '),
  );

@DevportalController('throttling-policies', 'Throttling Policies')
export class ThrottlingPoliciesDevportalController {
  constructor(
    private readonly policies: ThrottlingPoliciesService,
    private readonly guests: Guests,
  ) {}

  /** Plans the caller's roles do not open, and those the server assigns by itself, are left out. */
  @Get(':policyLevel')
  @Anonymous()
  @ApiParam({ name: 'policyLevel', schema: { type: 'string', enum: [...LEVELS] } })
  @Paged()
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async list(
    @Tenant() tenant: string,
    @MaybeCaller() caller: User | undefined,
    @Param('policyLevel') text: string,
    @Page() query: PageQuery,
  ): Promise<DevportalThrottlingPolicyListDto> {
    await this.guests.admit(tenant, caller);
    const level = levelOf(text);
    const open = (await this.policies.list(ownerOf(level, tenant, caller), level)).filter((policy) => isOpenTo(policy, caller));
    const shown = open.slice(query.offset, query.offset + query.limit).map((policy) => toDevportalPolicy(policy, level));
    return { ...page(shown, open.length, query), list: shown };
  }

  @Get(':policyLevel/:policyId')
  @Anonymous()
  @ApiParam({ name: 'policyLevel', schema: { type: 'string', enum: [...LEVELS] } })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async get(
    @Tenant() tenant: string,
    @MaybeCaller() caller: User | undefined,
    @Param('policyLevel') text: string,
    @Param('policyId') name: string,
  ): Promise<DevportalThrottlingPolicyDto> {
    await this.guests.admit(tenant, caller);
    const level = levelOf(text);
    const policy = await this.policies.find(ownerOf(level, tenant, caller), level, name);
    return toDevportalPolicy(found(policy && isOpenTo(policy, caller) ? policy : undefined, NotFound('Tier'), name), level);
  }
}

/** Applications are under policies of their own tenant, whoever's APIs they use. */
const ownerOf = (level: Level, tenant: string, caller: User | undefined): string =>
  level === 'application' && caller ? caller.organization : tenant;

const isOpenTo = (policy: ThrottlingPolicy, caller: User | undefined): boolean => !isInternal(policy) && mayUse(policy, caller);
