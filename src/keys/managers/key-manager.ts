export const RESIDENT = 'Resident Key Manager';
/** The connector type of our own key manager. */
export const RESIDENT_TYPE = 'default';

export const TOKEN_TYPES = ['EXCHANGED', 'DIRECT', 'BOTH'] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];
export const CERTIFICATE_TYPES = ['JWKS', 'PEM'] as const;
export const PERMISSION_TYPES = ['PUBLIC', 'ALLOW', 'DENY'] as const;
export const TOKEN_VALIDATIONS = ['REFERENCE', 'JWT', 'CUSTOM'] as const;

export type PropertyValue = string | number | boolean | object | null;

/** A signing key of somebody else, reduced to what a check needs; RSA alone, as the product (`reference/key-manager.md` §4.1). */
export type OutsideKey = { readonly kty: 'RSA'; readonly n: string; readonly e: string; readonly kid?: string };

/** Where signing keys come from: the address of a JWKS document, or a certificate. */
export interface KeyManagerCertificates {
  readonly type: (typeof CERTIFICATE_TYPES)[number];
  readonly value: string;
}

export interface ClaimMapping {
  readonly remoteClaim: string;
  readonly localClaim: string;
}

/** Which opaque tokens are this key manager's: a pattern of the token itself, or of claims. */
export interface TokenValidation {
  readonly id: number;
  readonly enable: boolean;
  readonly type: (typeof TOKEN_VALIDATIONS)[number];
  readonly value: string | object;
}

export interface KeyManagerPermissions {
  readonly permissionType: (typeof PERMISSION_TYPES)[number];
  readonly roles: readonly string[];
}

/** Addresses as an administrator gave them; empty where there is none, never checked (`reference/admin.md` §4). */
export interface KeyManagerEndpoints {
  readonly wellKnownEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly clientRegistrationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly displayTokenEndpoint: string;
  readonly revokeEndpoint: string;
  readonly displayRevokeEndpoint: string;
  readonly userInfoEndpoint: string;
  readonly authorizeEndpoint: string;
  readonly scopeManagementEndpoint: string;
}

export interface KeyManagerSettings extends KeyManagerEndpoints {
  /** As they were sent; some types of key managers have endpoints of their own here. */
  readonly endpoints: readonly { readonly name: string; readonly value: string }[];
  /** Null without any. */
  readonly certificates: KeyManagerCertificates | null;
  readonly availableGrantTypes: readonly string[];
  readonly enableTokenGeneration: boolean;
  readonly enableTokenEncryption: boolean;
  readonly enableTokenHashing: boolean;
  readonly enableMapOAuthConsumerApps: boolean;
  readonly enableOAuthAppCreation: boolean;
  readonly enableProvisionedAppValidation: boolean;
  /** Whether JWTs are checked at the gateway, by the keys; otherwise the key manager is asked about each. */
  readonly enableSelfValidationJWT: boolean;
  readonly claimMapping: readonly ClaimMapping[];
  readonly consumerKeyClaim: string;
  readonly scopesClaim: string;
  readonly tokenValidation: readonly TokenValidation[];
  readonly tokenType: TokenType;
  /** The audience that an exchanged token must name. */
  readonly alias: string;
  readonly permissions: KeyManagerPermissions;
  /** Ids of consumer organizations, `all` or `none`; empty opens to all. */
  readonly allowedOrganizations: readonly string[];
  /** The connection's settings without its secrets. */
  readonly additionalProperties: Readonly<Record<string, PropertyValue>>;
}

/** A key manager with its endpoints as they are now. */
export interface KeyManager extends KeyManagerSettings {
  readonly id: string;
  /** The tenant's, or `GLOBAL_ORGANIZATION`. */
  readonly organization: string;
  readonly name: string;
  readonly displayName: string;
  readonly type: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly issuer: string;
  /** Names of its masked properties; their values are for its connector alone. */
  readonly secretNames: readonly string[];
}

export const NO_ENDPOINTS: KeyManagerEndpoints = {
  wellKnownEndpoint: '',
  introspectionEndpoint: '',
  clientRegistrationEndpoint: '',
  tokenEndpoint: '',
  displayTokenEndpoint: '',
  revokeEndpoint: '',
  displayRevokeEndpoint: '',
  userInfoEndpoint: '',
  authorizeEndpoint: '',
  scopeManagementEndpoint: '',
};

export const NO_SETTINGS: KeyManagerSettings = {
  ...NO_ENDPOINTS,
  endpoints: [],
  certificates: null,
  availableGrantTypes: [],
  enableTokenGeneration: false,
  enableTokenEncryption: false,
  enableTokenHashing: false,
  enableMapOAuthConsumerApps: false,
  enableOAuthAppCreation: false,
  enableProvisionedAppValidation: true,
  enableSelfValidationJWT: true,
  claimMapping: [],
  consumerKeyClaim: '',
  scopesClaim: '',
  tokenValidation: [],
  tokenType: 'DIRECT',
  alias: '',
  permissions: { permissionType: 'PUBLIC', roles: [] },
  allowedOrganizations: [],
  additionalProperties: {},
};

/** Its endpoints and grants are this server's and are filled in when it is read. */
export const RESIDENT_SETTINGS: KeyManagerSettings = {
  ...NO_SETTINGS,
  enableTokenGeneration: true,
  enableOAuthAppCreation: true,
  consumerKeyClaim: 'azp',
  scopesClaim: 'scope',
};

/** Whether applications may present its tokens as they are. */
export const takesDirectTokens = ({ tokenType }: Pick<KeyManagerSettings, 'tokenType'>): boolean => tokenType !== 'EXCHANGED';
/** Whether its tokens may be exchanged at the resident key manager. */
export const takesExchangedTokens = ({ tokenType }: Pick<KeyManagerSettings, 'tokenType'>): boolean => tokenType !== 'DIRECT';
