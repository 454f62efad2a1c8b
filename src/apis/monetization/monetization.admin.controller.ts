import { Get, Post } from '@nestjs/common';
import { ApiAcceptedResponse } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { MonetizationUsagePublishInfoDto, PublishStatusDto } from './monetization.dto.js';
import { UsagePublishing } from './usage-publishing.service.js';

const ACCEPTED = { status: 'Request Accepted', message: 'Server is running the usage publisher' };
const RUNNING = { status: 'Server could not accept the request', message: 'A job is already running' };

@AdminController('monetization', 'Monetization (Collection)')
@Scopes('apim:admin', 'apim:monetization_usage_publish')
export class MonetizationAdminController {
  constructor(private readonly publishing: UsagePublishing) {}

  /** The product answers 500 while a job is running; the body is the same. */
  @Post('publish-usage')
  @ApiAcceptedResponse({ type: PublishStatusDto })
  async publishUsage(@Caller() { organization }: User): Promise<Reply<PublishStatusDto>> {
    return (await this.publishing.start(organization)) ? new Reply(202, ACCEPTED) : new Reply(409, RUNNING);
  }

  @Get('publish-usage/status')
  async publishUsageStatus(@Caller() { organization }: User): Promise<MonetizationUsagePublishInfoDto> {
    const job = await this.publishing.stateOf(organization);
    // Nothing else is known of a job that never ran.
    if (job === undefined) return { state: 'INITIATED' };
    const { state, status, startedAt, lastPublishedAt } = job;
    return {
      state,
      status,
      startedTime: String(startedAt.getTime()),
      ...(lastPublishedAt && { lastPublsihedTime: String(lastPublishedAt.getTime()) }),
    };
  }
}
