import { Body, Controller, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import type { Request } from 'express';
import { Problem } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { Reply } from '../../platform/http/reply.js';
import { ANY_USER, IdentityInterface, Needs, tenantOf } from '../identity.guard.js';
import { SignUpDto, UserNameDto } from './sign-up.dto.js';
import { SignUpFilter } from './sign-up.filter.js';
import { StoreUnknown } from './sign-up.problems.js';
import { SignUpService } from './sign-up.service.js';

const PRIMARY_STORE = 'PRIMARY';
const MAY_CREATE_USERS = 'internal_user_mgt_create';
/** What `validate-username` says of a name that is free; the product's number is not known. */
const NAME_IS_FREE = 20_000;

/** Sign-up as portals ask for it, on behalf of somebody who has no account yet (`reference/identity.md` §5). */
@Controller(['api/identity/user/v1.0', 't/:tenant/api/identity/user/v1.0'])
@IdentityInterface()
@Needs(ANY_USER)
@UseFilters(SignUpFilter)
export class SignUpController {
  constructor(private readonly signUps: SignUpService) {}

  @Post('me')
  async signUp(@Req() request: Request, @Caller() caller: User, @Body() { user }: SignUpDto): Promise<Reply> {
    const { username: name, password, realm, claims } = user;
    if (realm && realm.toUpperCase() !== PRIMARY_STORE) throw StoreUnknown(realm);
    await this.signUps.signUp(
      tenantOf(request),
      { name, password, claims: Object.fromEntries((claims ?? []).map(({ uri, value }) => [uri, value])) },
      caller.scopes.has(MAY_CREATE_USERS),
    );
    return new Reply(201);
  }

  @Post('validate-username')
  @HttpCode(200)
  async validate(@Req() request: Request, @Body() { username }: UserNameDto): Promise<{ readonly statusCode: number }> {
    try {
      await this.signUps.checkName(tenantOf(request), username);
      return { statusCode: NAME_IS_FREE };
    } catch (err) {
      if (err instanceof Problem) return { statusCode: err.code };
      throw err;
    }
  }
}
