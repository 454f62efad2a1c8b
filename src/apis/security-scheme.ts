const APPLICATION_SCHEMES: readonly string[] = ['oauth2', 'basic_auth', 'api_key'];
const MUTUAL_SSL = 'mutualssl';
const MUTUAL_SSL_MANDATORY = 'mutualssl_mandatory';
const MUTUAL_SSL_OPTIONAL = 'mutualssl_optional';
const APPLICATION_MANDATORY = 'oauth_basic_auth_api_key_mandatory';
const APPLICATION_OPTIONAL = 'oauth_basic_auth_api_key_optional';
const VOCABULARY: readonly string[] = [
  ...APPLICATION_SCHEMES,
  MUTUAL_SSL,
  MUTUAL_SSL_MANDATORY,
  MUTUAL_SSL_OPTIONAL,
  APPLICATION_MANDATORY,
  APPLICATION_OPTIONAL,
];

/** What an API that says nothing has. */
export const DEFAULT_SECURITY_SCHEME: readonly string[] = [APPLICATION_MANDATORY, 'oauth2'];

/** The words of a `securityScheme` that mean something, completed by those they imply (`reference/publisher.md` §3.2). */
export const securitySchemeOf = (sent: readonly string[] | null | undefined, egress: boolean): readonly string[] => {
  if (egress) return ['api_key', APPLICATION_MANDATORY];
  if (sent === null || sent === undefined) return DEFAULT_SECURITY_SCHEME;
  const known = [...new Set(sent)].filter((word) => VOCABULARY.includes(word));
  const mutual = known.includes(MUTUAL_SSL);
  const application = known.some((word) => APPLICATION_SCHEMES.includes(word));
  if (!mutual && !application) return ['oauth2', APPLICATION_MANDATORY];
  if (mutual && !application) return [MUTUAL_SSL, MUTUAL_SSL_MANDATORY];
  // Without a certificate as the other way, the application's credential cannot be optional.
  const words = mutual ? known : known.filter((word) => word === APPLICATION_MANDATORY || APPLICATION_SCHEMES.includes(word));
  const decided = words.includes(APPLICATION_MANDATORY) || words.includes(MUTUAL_SSL_MANDATORY);
  return decided ? words : [...words, APPLICATION_MANDATORY];
};
