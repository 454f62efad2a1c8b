import type { BelongingClaims } from '../users/belonging-claims.js';
import type { Claims } from '../users/user.entity.js';
import { checkClaims, isPassword, isUserName, LOCAL_DIALECT } from '../users/user-rules.js';
import { ClaimRefused, NameInvalid, PasswordRefused } from './sign-up.problems.js';

/** Who signs up, as asked for. */
export interface SignUp {
  /** Without the tenant. */
  readonly name: string;
  readonly password: string;
  /** By the URI of the claim. */
  readonly claims: Readonly<Record<string, string>>;
}

/** Local claims that somebody may say of oneself: they describe a person, and open nothing (`reference/identity.md` §5). */
const OWN_CLAIMS: ReadonlySet<string> = new Set([
  ...['givenname', 'lastname', 'fullname', 'displayName', 'nickname', 'emailaddress', 'mobile', 'telephone', 'otherphone', 'country'],
  ...['streetaddress', 'locality', 'region', 'stateorprovince', 'postalcode', 'dob', 'gender', 'title', 'url', 'im', 'photourl', 'local'],
  ...['timeZone', 'preferredLanguage'],
]);
/** By these people belong together, so only who may create users anyway may give them. */
const BELONGING_CLAIMS: ReadonlySet<string> = new Set(['organization', 'organizationId', 'department']);

/** The claims as they are kept. @throws NameInvalid (20045), PasswordRefused (20046), ClaimRefused (30005); all 400. */
export const checkedClaims = (
  { name, password, claims }: SignUp,
  belonging: Pick<BelongingClaims, 'has'>,
  mayCreateUsers: boolean,
): Claims => {
  if (!isUserName(name)) throw NameInvalid();
  if (!isPassword(password)) throw PasswordRefused();
  const kept = Object.fromEntries(
    Object.entries(claims).map(([uri, value]) => {
      const claim = uri.startsWith(LOCAL_DIALECT) ? uri.slice(LOCAL_DIALECT.length) : '';
      const isOwn = OWN_CLAIMS.has(claim) && !belonging.has(claim);
      const isBelonging = BELONGING_CLAIMS.has(claim) || belonging.has(claim);
      if (!isOwn && !(mayCreateUsers && isBelonging)) throw ClaimRefused(uri);
      return [claim, value];
    }),
  );
  checkClaims(kept);
  return kept;
};
