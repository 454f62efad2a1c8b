import type { Claims } from '../../identity/users/user.entity.js';

export const LOCAL_DIALECT = 'http://wso2.org/claims';
const OIDC_DIALECT = 'http://wso2.org/oidc/claim';

/** OpenID Connect claims by their local ones (`reference/identity.md` §5). */
const OIDC: Readonly<Record<string, string>> = {
  sub: 'username',
  email: 'emailaddress',
  given_name: 'givenname',
  family_name: 'lastname',
  name: 'fullname',
  middle_name: 'middleName',
  nickname: 'nickname',
  phone_number: 'mobile',
  address: 'addresses',
  street_address: 'streetaddress',
  locality: 'locality',
  region: 'region',
  postal_code: 'postalcode',
  country: 'country',
  birthdate: 'dob',
  gender: 'gender',
  website: 'url',
  picture: 'photourl',
  zoneinfo: 'timeZone',
  locale: 'local',
  groups: 'groups',
  roles: 'roles',
};

export interface Claim {
  readonly uri: string;
  readonly value: string;
}

/** Names of local claims: attributes that a tenant made up itself carry a colon and belong to no dialect. */
const isLocal = (name: string): boolean => !name.includes(':');

/** The claims as a dialect names them, by URI; undefined for a dialect nobody knows. */
export const claimsIn = (dialect: string, claims: Claims): readonly Claim[] | undefined => {
  switch (dialect.replace(/\/$/, '')) {
    case LOCAL_DIALECT:
      return Object.entries(claims)
        .filter(([name, value]) => isLocal(name) && value !== '')
        .map(([name, value]) => ({ uri: `${LOCAL_DIALECT}/${name}`, value }))
        .sort((a, b) => a.uri.localeCompare(b.uri));
    case OIDC_DIALECT:
      return Object.entries(OIDC).flatMap(([uri, name]) => (claims[name] ? [{ uri, value: claims[name] }] : []));
    default:
      return undefined;
  }
};
