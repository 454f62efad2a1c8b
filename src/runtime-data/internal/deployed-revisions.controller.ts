import { Body, HttpCode, Patch, Post } from '@nestjs/common';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { InternalDataController } from '../administrators.guard.js';
import { DeployedAPIRevisionDto, UnDeployedAPIRevisionDto } from './deployed-revisions.dto.js';
import { DeployedRevisions } from './deployed-revisions.service.js';

const REVISIONS_MAX = 1_000;

/** Where gateways outside say which revisions they serve, without saying who they are. */
@InternalDataController('apis')
export class DeployedRevisionsController {
  constructor(private readonly revisions: DeployedRevisions) {}

  @Patch('deployed-revisions')
  @HttpCode(200)
  async deployed(@Caller() caller: User, @Body() body: unknown): Promise<void> {
    if (!Array.isArray(body) || body.length === 0 || body.length > REVISIONS_MAX) {
      throw BadRequest(`The body must be a list of 1 to ${REVISIONS_MAX} deployed revisions.`);
    }
    await this.revisions.deployed(caller, await Promise.all(body.map((one: unknown) => validateAs(DeployedAPIRevisionDto, one))));
  }

  @Post('undeployed-revision')
  @HttpCode(200)
  async undeployed(@Caller() caller: User, @Body() body: UnDeployedAPIRevisionDto): Promise<void> {
    await this.revisions.undeployed(caller, body);
  }
}
