/** Which kinds of credentials an API takes, and which of them it demands (`reference/key-manager.md` §5). */
export interface SecurityRules {
  readonly takesCertificates: boolean;
  readonly demandsCertificate: boolean;
  readonly takesTokens: boolean;
  readonly demandsToken: boolean;
}

const TOKENS: readonly string[] = ['oauth2', 'basic_auth', 'api_key'];

/** Certificates alone are demanded; tokens are wherever certificates do not stand beside them. */
export const securityRules = (schemes: readonly string[]): SecurityRules => {
  const takesCertificates = schemes.includes('mutualssl');
  const takesTokens = TOKENS.some((scheme) => schemes.includes(scheme));
  return {
    takesCertificates,
    demandsCertificate: takesCertificates && (schemes.includes('mutualssl_mandatory') || !takesTokens),
    takesTokens,
    demandsToken: takesTokens && (!takesCertificates || schemes.includes('oauth_basic_auth_api_key_mandatory')),
  };
};
