import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { Claim } from './claim-dialects.js';
import { OperationTenant } from './operation-tenant.js';
import { KeyManagerOperations, Needs } from './operations.guard.js';
import { TokenMissing, UserNameMissing } from './operations.problems.js';
import { type ClaimListBody, ClaimRequestDto, RevokeTokenInfoDto } from './user-claims.dto.js';
import { UserClaimsService } from './user-claims.service.js';

const VIEW_USERS = 'internal_user_mgt_view';
const UPDATE_APPLICATIONS = 'internal_application_mgt_update';

/** A repeated parameter arrives as a list; the first counts. */
const first = (value: unknown): string | undefined => {
  const [text] = [value].flat();
  return typeof text === 'string' && text !== '' ? text : undefined;
};

const listOf = (list: readonly Claim[]): ClaimListBody => ({ count: list.length, list });

/** What other servers ask about users and their tokens. */
@KeyManagerOperations('')
export class UserClaimsController {
  constructor(private readonly claims: UserClaimsService) {}

  @Get('user-info/claims')
  @Needs(VIEW_USERS)
  async ofUser(@OperationTenant() tenant: string, @Query() query: Readonly<Record<string, unknown>>): Promise<ClaimListBody> {
    const [username, domain, dialect] = [first(query['username']), first(query['domain']), first(query['dialect'])];
    if (username === undefined) throw UserNameMissing();
    return listOf(await this.claims.claims(tenant, { username, domain, dialect, accessToken: undefined }));
  }

  @Post('user-info/claims/generate')
  @HttpCode(200)
  @Needs(VIEW_USERS)
  async ofToken(@OperationTenant() tenant: string, @Body() body: ClaimRequestDto): Promise<ClaimListBody> {
    const { username, domain, dialect, accessToken } = body;
    return listOf(await this.claims.claims(tenant, { username, domain, dialect, accessToken }));
  }

  @Post('revoke-one-time-token')
  @HttpCode(200)
  @Needs(UPDATE_APPLICATIONS)
  async revoke(@OperationTenant() tenant: string, @Body() body: RevokeTokenInfoDto): Promise<void> {
    if (!body.token) throw TokenMissing();
    await this.claims.revoke(tenant, body.token, body.consumer_key);
  }
}
