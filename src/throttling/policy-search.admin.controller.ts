import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery } from '@nestjs/swagger';
import { BadRequest } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { queryText } from '../platform/http/query-text.js';
import { Scopes } from '../platform/http/scopes.js';
import { toDetails } from './admin-policies.mapper.js';
import { ThrottlePolicyDetailsListDto } from './dto/throttle-policy.dto.js';
import { toRuleDetails } from './rules/custom-rules.mapper.js';
import { CustomRulesService } from './rules/custom-rules.service.js';
import { ThrottlingPoliciesService } from './throttling-policies.service.js';

/** `type:sub`, `name:gold`, `name:"gold plan"` or a part of a name alone, each term narrowing the search. */
const TERM = /^(?:(type|name):)?("[^"]*"|[^\s"]+)(?:\s+|$)/i;
const TYPES = ['all', 'sub', 'app', 'api', 'global'];

interface Search {
  /** `all` for every kind. */
  readonly type: string;
  /** What the name holds, in small letters. */
  readonly name: readonly string[];
}

/** @throws BadRequest for a query of another form. */
const searchOf = (query: string): Search => {
  let [search, rest]: [Search, string] = [{ type: 'all', name: [] }, query.trim()];
  while (rest !== '') {
    const [term, field = 'name', quoted = ''] = TERM.exec(rest) ?? [];
    const text = quoted.replaceAll('"', '').toLowerCase();
    const isType = field.toLowerCase() === 'type';
    if (term === undefined || (isType && !TYPES.includes(text))) {
      throw BadRequest('The query must be type:all, type:sub, type:app, type:api or type:global, and may hold name:<part of a name>');
    }
    search = isType ? { ...search, type: text } : { ...search, name: [...search.name, text] };
    rest = rest.slice(term.length);
  }
  return search;
};

@AdminController('throttling/policies/search', 'Unified Search')
export class PolicySearchAdminController {
  constructor(
    private readonly policies: ThrottlingPoliciesService,
    private readonly rules: CustomRulesService,
  ) {}

  @Get()
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view', 'apim:policies_import_export')
  @ApiOperation({ operationId: 'throttlingPolicySearch' })
  @ApiQuery({ name: 'query', required: false, schema: { type: 'string' } })
  async search(@Caller() caller: User, @Query('query') query: unknown): Promise<ThrottlePolicyDetailsListDto> {
    const { type, name } = searchOf(queryText(query) ?? '');
    const { organization } = caller;
    const all = [...(await this.policies.all(organization)).map(toDetails), ...(await this.rules.list(organization)).map(toRuleDetails)];
    const list = all
      .filter((policy) => type === 'all' || policy.type === type)
      .filter(({ policyName }) => name.every((part) => policyName.toLowerCase().includes(part)));
    return { count: list.length, list };
  }
}
