import { Injectable } from '@nestjs/common';
import { fitIntoToken, rolesIn, userClaims } from '../trusted-issuers/remote-claims.js';
import { RemoteRefusal } from '../trusted-issuers/remote-refusal.js';
import type { TrustedIssuer } from '../trusted-issuers/trusted-issuer.js';
import { type FederatedAccount, FederatedAccounts } from './federated-accounts.service.js';

/** Makes the claims of a verified assertion into an account that tokens can be issued for. */
@Injectable()
export class RemoteSignIn {
  constructor(private readonly accounts: FederatedAccounts) {}

  /** @throws RemoteRefusal when the claims are too many for a token */
  async account(
    organization: string,
    { issuer, claimMapping }: TrustedIssuer,
    subject: string,
    claims: Readonly<Record<string, unknown>>,
  ): Promise<FederatedAccount> {
    const carried = userClaims(claims, claimMapping);
    if (!fitIntoToken(carried)) throw new RemoteRefusal('The claims of the user are larger than allowed.');
    return this.accounts.present(organization, issuer, { subject, roles: rolesIn(claims, claimMapping), claims: carried });
  }
}
