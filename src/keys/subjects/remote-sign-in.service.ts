import { Injectable } from '@nestjs/common';
import { isStorable } from '../../identity/users/user-rules.js';
import { fitIntoToken, rolesIn, userClaims } from '../trusted-issuers/remote-claims.js';
import { RemoteRefusal } from '../trusted-issuers/remote-refusal.js';
import type { TrustedIssuer } from '../trusted-issuers/trusted-issuer.js';
import { type FederatedAccount, FederatedAccounts } from './federated-accounts.service.js';

/** Makes the claims of a verified assertion into an account that tokens can be issued for. */
@Injectable()
export class RemoteSignIn {
  constructor(private readonly accounts: FederatedAccounts) {}

  /** @throws RemoteRefusal for a subject or claims that cannot be kept or carried */
  async account(
    organization: string,
    { issuer, claimMapping }: TrustedIssuer,
    subject: string,
    claims: Readonly<Record<string, unknown>>,
  ): Promise<FederatedAccount> {
    if (!isStorable(subject)) throw new RemoteRefusal('The subject holds a character that is not allowed.');
    const carried = userClaims(claims, claimMapping);
    if (!fitIntoToken(carried))
      throw new RemoteRefusal('The claims of the user are larger or deeper than allowed, or hold a character that is not.');
    return this.accounts.present(organization, issuer, { subject, roles: rolesIn(claims, claimMapping), claims: carried });
  }
}
