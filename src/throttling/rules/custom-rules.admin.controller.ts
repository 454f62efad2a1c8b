import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { CustomRuleDto, CustomRuleListDto } from './custom-rule.dto.js';
import { type CustomRule, rulesOf } from './custom-rule.js';
import { fromCustomRule, toCustomRule } from './custom-rules.mapper.js';
import { CustomRulesService } from './custom-rules.service.js';

const COLLECTION = 'Custom Rules (Collection)';
const INDIVIDUAL = 'Custom Rules (Individual)';

/** The rules of the whole gateway, which the super tenant keeps (`reference/admin.md` §2). */
@AdminController('throttling/policies/custom')
export class CustomRulesAdminController {
  constructor(private readonly rules: CustomRulesService) {}

  @Get()
  @ApiTags(COLLECTION)
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view')
  @ApiHeader({ name: 'Accept', required: false })
  async list(@Caller() caller: User): Promise<CustomRuleListDto> {
    const list = (await this.rules.list(rulesOf(caller))).map(toCustomRule);
    return { count: list.length, list };
  }

  @Post()
  @ApiTags(COLLECTION)
  @ApiCreatedResponse({ type: CustomRuleDto })
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async create(@Caller() caller: User, @Body() body: CustomRuleDto): Promise<Reply<CustomRuleDto>> {
    const rule = await this.rules.create(rulesOf(caller), fromCustomRule(body));
    return created(`/throttling/policies/custom/${rule.id}`, toCustomRule(rule));
  }

  @Get(':ruleId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view')
  async get(@Caller() caller: User, @Param('ruleId') id: string): Promise<CustomRuleDto> {
    return toCustomRule(await this.rules.get(rulesOf(caller), id));
  }

  @Put(':ruleId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async update(
    @Caller() caller: User,
    @Param('ruleId') id: string,
    @Body() body: CustomRuleDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<CustomRuleDto> {
    const expects = (current: CustomRule) => ifMatch(toCustomRule(current));
    return toCustomRule(await this.rules.update(rulesOf(caller), id, fromCustomRule(body), expects));
  }

  @Delete(':ruleId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage', 'apim:policies_import_export')
  async remove(@Caller() caller: User, @Param('ruleId') id: string): Promise<void> {
    await this.rules.remove(rulesOf(caller), id);
  }
}
