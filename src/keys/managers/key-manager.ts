export const RESIDENT = 'Resident Key Manager';
/** The connector type of our own key manager. */
export const RESIDENT_TYPE = 'default';

export const TOKEN_TYPES = ['EXCHANGED', 'DIRECT', 'BOTH'] as const;

export const CERTIFICATE_TYPES = ['JWKS', 'PEM'] as const;

/** Where signing keys come from: the address of a JWKS document, or a certificate. */
export interface KeyManagerCertificates {
  readonly type: (typeof CERTIFICATE_TYPES)[number];
  readonly value: string;
}

export interface ClaimMapping {
  readonly remoteClaim: string;
  readonly localClaim: string;
}

export interface KeyManagerSettings {
  /** Null without any. */
  readonly certificates: KeyManagerCertificates | null;
  readonly claimMapping: readonly ClaimMapping[];
  readonly enableTokenGeneration: boolean;
  readonly enableOAuthAppCreation: boolean;
  readonly enableMapOAuthConsumerApps: boolean;
  readonly consumerKeyClaim: string;
  readonly scopesClaim: string;
  readonly tokenType: (typeof TOKEN_TYPES)[number];
  readonly alias: string;
}

/** A key manager with its endpoints as they are now. */
export interface KeyManager extends KeyManagerSettings {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly displayName: string;
  readonly type: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly revokeEndpoint: string;
  readonly userInfoEndpoint: string;
  readonly availableGrantTypes: readonly string[];
}

export const RESIDENT_SETTINGS: KeyManagerSettings = {
  enableTokenGeneration: true,
  enableOAuthAppCreation: true,
  enableMapOAuthConsumerApps: false,
  consumerKeyClaim: 'azp',
  scopesClaim: 'scope',
  tokenType: 'DIRECT',
  alias: '',
  certificates: null,
  claimMapping: [],
};

/** Whether its tokens may be exchanged at the resident key manager. */
export const takesExchangedTokens = ({ tokenType }: Pick<KeyManagerSettings, 'tokenType'>): boolean => tokenType !== 'DIRECT';
