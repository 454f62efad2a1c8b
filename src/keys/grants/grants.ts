import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { type OAuthParameters, single } from '../edge/oauth-body.js';
import type { Grant, TokenAnswer } from '../engine/grant.js';
import { servedGrants, TOKEN_EXCHANGE } from '../engine/served-grants.js';
import { InvalidRequest, MissingParameters, UnauthorizedClient, UnsupportedGrantType } from '../oauth-error.js';

/** The grants of the token endpoint, by name. */
@Injectable()
export class Grants {
  private readonly served: ReadonlySet<string>;
  private readonly byName = new Map<string, Grant>();

  constructor(config: OauthConfig) {
    this.served = servedGrants(config);
  }

  /** To be called while modules start; a grant that is switched off is not taken up. */
  register(grant: Grant): void {
    if (this.served.has(grant.name)) this.byName.set(grant.name, grant);
  }

  /** What the grant that is asked for gives the client, which has proved who it is. @throws OAuthError */
  async answer(client: OAuthClient, parameters: OAuthParameters): Promise<TokenAnswer> {
    const name = single(parameters, 'grant_type');
    if (!name) throw MissingParameters('grant_type');
    const grant = this.byName.get(name);
    if (!grant) throw UnsupportedGrantType();
    if (!client.grantTypes.includes(name)) throw notAllowed(name);
    const own: Record<string, string | undefined> = {};
    for (const parameter of grant.parameters) own[parameter] = single(parameters, parameter);
    return grant.answer(client, own);
  }
}

/** Clients of token exchange know the refusal by other words (`reference/key-manager-connectors.md` §5). */
const notAllowed = (grant: string) =>
  grant === TOKEN_EXCHANGE ? InvalidRequest(UnsupportedGrantType().error_description) : UnauthorizedClient();
