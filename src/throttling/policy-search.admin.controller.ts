import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery } from '@nestjs/swagger';
import { BadRequest } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import { toDetails } from './admin-policies.mapper.js';
import { ThrottlePolicyDetailsListDto } from './dto/throttle-policy.dto.js';
import { ThrottlingPoliciesService } from './throttling-policies.service.js';

const QUERY = /^type:(all|sub|app|api|global)$/;

@AdminController('throttling/policies/search', 'Unified Search')
export class PolicySearchAdminController {
  constructor(private readonly policies: ThrottlingPoliciesService) {}

  @Get()
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view', 'apim:policies_import_export')
  @ApiOperation({ operationId: 'throttlingPolicySearch' })
  @ApiQuery({ name: 'query', required: false, schema: { type: 'string' } })
  async search(
    @Caller() caller: User,
    @Query('query') query: string | readonly string[] | undefined,
  ): Promise<ThrottlePolicyDetailsListDto> {
    // A repeated parameter arrives as a list; the first counts.
    const [words = 'type:all'] = [query].flat();
    const [, type] = QUERY.exec(words.trim()) ?? [];
    if (type === undefined) throw BadRequest('The query must be type:all, type:sub, type:app, type:api or type:global');
    const all = (await this.policies.all(caller.organization)).map(toDetails);
    const list = type === 'all' ? all : all.filter((policy) => policy.type === type);
    return { count: list.length, list };
  }
}
