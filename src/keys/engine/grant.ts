import type { OAuthClient } from '../clients/oauth-client.js';

/** What the token endpoint answers, in the order the product writes it; what is undefined is left out. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  readonly scope: string;
  readonly id_token?: string | undefined;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  /** Token exchange only. */
  readonly issued_token_type?: string;
}

/** The grant's own parameters, none of them given twice. */
export type GrantParameters = Readonly<Record<string, string | undefined>>;

/** A grant of ours: the token endpoint has authenticated the client and checked that it may use this grant. */
export interface Grant {
  readonly name: string;
  readonly parameters: readonly string[];
  /** @throws OAuthError */
  answer(client: OAuthClient, parameters: GrantParameters): Promise<TokenAnswer>;
}
