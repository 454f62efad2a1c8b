import { Injectable } from '@nestjs/common';
import { UsersService } from '../../identity/users/users.service.js';
import type { TokenSubject } from '../subjects/token-subject.js';
import { TokenSubjects } from '../subjects/token-subjects.service.js';
import { claimsOf, remoteClaimsOf } from './user-claims.js';

/** Reads what OpenID Connect clients may know of a user. */
@Injectable()
export class UserClaims {
  constructor(
    private readonly users: UsersService,
    private readonly subjects: TokenSubjects,
  ) {}

  /** The claims that the scopes show; `sub` always. Undefined for a user who is gone or locked. */
  async ofId(id: string, scopes: readonly string[]): Promise<Readonly<Record<string, unknown>> | undefined> {
    const subject = await this.subjects.byId(id);
    return subject && this.of(subject, scopes);
  }

  /** As {@link ofId}, of a subject that was found already. */
  async of(subject: TokenSubject, scopes: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const user = await this.users.byId(subject.id);
    const shown = user ? claimsOf({ account: subject, user }, scopes) : remoteClaimsOf(subject, scopes);
    return { sub: subject.subject ?? subject.id, ...shown };
  }
}
