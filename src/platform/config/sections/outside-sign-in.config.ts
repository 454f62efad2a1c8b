import { IsIn, IsString, IsUrl, Matches, ValidateIf } from 'class-validator';
import { Sections, Setting } from '../setting.js';

const TYPES = ['oidc', 'saml'] as const;
const ADDRESS = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
const ROLE = /\S/;

class RoleMappingConfig {
  @Setting('A role as the identity provider names it.')
  @Matches(ROLE)
  readonly remote: string = '';

  @Setting('The role here that its holders get, such as `Internal/subscriber`; it has to exist.')
  @Matches(ROLE)
  readonly local: string = '';
}

/** `[[outside_sign_in.identity_provider]]`. */
export class IdentityProviderConfig {
  @Setting('Name; letters, digits, `_` and `-`. Accounts are linked to it, so it must not change.')
  @Matches(/^[\w-]{1,64}$/)
  readonly name: string = '';

  @Setting('What the button of the login page says; empty: the name.')
  @IsString()
  readonly displayName: string = '';

  @Setting('Tenant whose users sign in through it.')
  @IsString()
  readonly tenant: string = 'carbon.super';

  @Setting(
    'Whether the login page of every client that serves all tenants, as the portals do, offers it; otherwise only clients of the tenant do.',
  )
  readonly offeredToAll: boolean = false;

  @Setting('Protocol: `oidc` (OpenID Connect) or `saml` (SAML 2.0).')
  @IsIn(TYPES)
  readonly type: (typeof TYPES)[number] = 'oidc';

  @Setting('Issuer (`oidc`), below which its discovery document is found; entity id (`saml`).')
  @IsString()
  @Matches(ROLE)
  readonly issuer: string = '';

  @Setting('`oidc`: our client id there. The callback to register is `/commonauth` of the management address.')
  @ValidateIf(({ type }: IdentityProviderConfig) => type === 'oidc')
  @Matches(ROLE)
  readonly clientId: string = '';

  @Setting('`oidc`: our client secret there.', { secret: true })
  @IsString()
  readonly clientSecret: string = '';

  @Setting('`oidc`: scopes to ask for.')
  @IsString()
  readonly scopes: string = 'openid profile email';

  @Setting('`saml`: address for authentication requests (HTTP redirect binding).')
  @ValidateIf(({ type }: IdentityProviderConfig) => type === 'saml')
  @IsUrl(ADDRESS)
  readonly ssoUrl: string = '';

  @Setting('`saml`: the certificate that signs its responses, PEM. A response has to be signed as a whole.')
  @ValidateIf(({ type }: IdentityProviderConfig) => type === 'saml')
  @Matches(/-----BEGIN CERTIFICATE-----/)
  readonly certificate: string = '';

  @Setting('`saml`: our entity id there; empty: the management address with `/commonauth`, which is where responses are to be posted.')
  @IsString()
  readonly entityId: string = '';

  @Setting('Claim or attribute that names a new account; empty: `preferred_username` (`oidc`), the NameID (`saml`).')
  @IsString()
  readonly userNameClaim: string = '';

  @Setting('Claim or attribute of the e-mail address.')
  @IsString()
  readonly emailClaim: string = 'email';

  @Setting('Claim or attribute of the given name.')
  @IsString()
  readonly givenNameClaim: string = 'given_name';

  @Setting('Claim or attribute of the family name.')
  @IsString()
  readonly familyNameClaim: string = 'family_name';

  @Setting('Claim or attribute that lists the user’s roles; empty: none.')
  @IsString()
  readonly roleClaim: string = '';

  @Sections(RoleMappingConfig, 'Which of its roles mean which here; others mean nothing.')
  readonly roleMapping: readonly RoleMappingConfig[] = [];

  @Setting('Whether an account is made for a user who signs in for the first time.')
  readonly provision: boolean = true;

  @Setting(
    'Whether a user who signs in for the first time gets the account of the same name that exists already. Whoever may choose names at the provider takes any account over: leave it off unless the provider is yours.',
  )
  readonly linkExisting: boolean = false;
}

/** `[outside_sign_in]`: sign-in through identity providers outside of this server. */
export class OutsideSignInConfig {
  @Sections(IdentityProviderConfig, 'Identity providers outside of this server; see docs/outside-sign-in.md.')
  readonly identityProvider: readonly IdentityProviderConfig[] = [];
}
