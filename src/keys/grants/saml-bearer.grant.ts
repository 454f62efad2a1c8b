import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { SAML_BEARER } from '../engine/served-grants.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { InvalidGrant, MissingParameters } from '../oauth-error.js';
import { factsOf } from '../saml/assertion-facts.js';
import { parseAssertion } from '../saml/signed-assertion.js';
import { RemoteSignIn } from '../subjects/remote-sign-in.service.js';
import type { TokenSubject } from '../subjects/token-subject.js';
import { epochSeconds } from '../tokens/lifetimes.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { TokenIssuer } from '../tokens/token-issuer.js';
import { IssuerKeys } from '../trusted-issuers/issuer-keys.js';
import { RemoteRefusal, refusedAs } from '../trusted-issuers/remote-refusal.js';
import { TrustedIssuers } from '../trusted-issuers/trusted-issuers.service.js';
import { UsedAssertions } from '../trusted-issuers/used-assertions.service.js';

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const SHOWN_MAX = 200;

/** RFC 7522: tokens on behalf of the user that a signed SAML 2.0 assertion names. Each assertion is taken once. */
@Injectable()
export class SamlBearerGrant implements Grant {
  readonly name = SAML_BEARER;
  readonly parameters = ['assertion', 'scope'];

  constructor(
    private readonly issuers: TrustedIssuers,
    private readonly keys: IssuerKeys,
    private readonly used: UsedAssertions,
    private readonly signIn: RemoteSignIn,
    private readonly tokens: TokenIssuer,
    private readonly urls: KeyManagerUrls,
    private readonly config: OauthConfig,
  ) {}

  async answer(client: OAuthClient, { assertion, scope }: GrantParameters): Promise<TokenAnswer> {
    if (!assertion) throw MissingParameters('assertion');
    const subject = await refusedAs(InvalidGrant, () => this.subjectOf(client.organization, assertion));
    return this.tokens.forUser(client, subject, scopesIn(scope));
  }

  /** @throws RemoteRefusal */
  private async subjectOf(organization: string, encoded: string): Promise<TokenSubject> {
    const compact = encoded.replaceAll(/\s+/g, '');
    if (!BASE64.test(compact)) throw new RemoteRefusal('The SAML assertion is not encoded in base64url.');
    const unverified = parseAssertion(Buffer.from(compact, 'base64').toString('utf8'));
    const trusted = await this.issuers.find(organization, unverified.issuer);
    if (!trusted)
      throw new RemoteRefusal(`No Registered IDP found for the SAML assertion with issuer name : ${unverified.issuer.slice(0, SHOWN_MAX)}`);
    const signed = await unverified.verified((await this.keys.of(trusted)).map(({ key }) => key));
    const own = [trusted.alias, this.urls.token, this.urls.issuer(organization)].filter((name) => name !== '');
    const skewSeconds = this.config.timestampSkew;
    const facts = factsOf(signed, { own, skewSeconds, now: epochSeconds() });
    if (facts.issuer !== unverified.issuer) throw new RemoteRefusal('The SAML assertion is malformed.');
    const account = await this.signIn.account(organization, trusted, facts.subject, facts.attributes);
    if (!(await this.used.use(organization, trusted.issuer, facts.id, Math.ceil(facts.expiresAt + skewSeconds)))) {
      throw new RemoteRefusal('The SAML assertion was used before.');
    }
    return account;
  }
}
