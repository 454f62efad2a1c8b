import { Injectable } from '@nestjs/common';
import { SUPER_TENANT } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { Accounts } from '../../platform/auth/accounts.js';
import { Transactions } from '../../platform/database/transactions.js';
import { parseJwt } from '../signing/jwt.js';
import { TokenSubjects } from '../subjects/token-subjects.service.js';
import { isOpaqueToken } from '../tokens/opaque-tokens.js';
import { StoredTokens } from '../tokens/stored-tokens.js';
import { Revocations } from './revocations.service.js';
import { EventOfOtherTenant, type TokenEvent } from './token-events.js';

/** Carries what key managers say has died to where tokens are checked. */
@Injectable()
export class TokenEvents {
  constructor(
    private readonly revocations: Revocations,
    private readonly stored: StoredTokens,
    private readonly accounts: Accounts,
    private readonly subjects: TokenSubjects,
    private readonly transactions: Transactions,
  ) {}

  /** @throws EventOfOtherTenant when the caller's tenant is not the event's, unless the caller administers all of them */
  async receive(caller: User, event: TokenEvent): Promise<void> {
    const organization = event.organization ?? caller.organization;
    const mayName = organization === caller.organization || caller.organization === SUPER_TENANT;
    if (!mayName || !(await this.accounts.isActive(organization))) throw EventOfOtherTenant(organization);
    // A user's end counts everywhere: only the user's own tenant may tell of it.
    const user = event.type === 'subject_entity_revocation_event' ? await this.subjects.byId(event.value) : undefined;
    if (user && user.organization !== organization) throw EventOfOtherTenant(organization);
    const jti = event.type === 'token_revocation' ? await this.idOf(event.value) : '';
    await this.transactions.run((tx) => {
      if (event.type === 'consumer_app_revocation_event') return this.revocations.consumerKey(tx, organization, event.value);
      if (event.type === 'subject_entity_revocation_event') return this.revocations.subject(tx, organization, event.value);
      return this.revocations.revokeToken(tx, organization, jti, event.expiresAt);
    });
  }

  /** Senders name a token by its id; some send the token itself. */
  private async idOf(value: string): Promise<string> {
    const own = isOpaqueToken(value) ? await this.stored.find(value) : undefined;
    const claimed = parseJwt(value)?.claims['jti'];
    return own?.jti ?? (typeof claimed === 'string' && claimed !== '' ? claimed : value);
  }
}
