export const RESIDENT = 'Resident Key Manager';
/** The connector type of our own key manager. */
export const RESIDENT_TYPE = 'default';

export const TOKEN_TYPES = ['EXCHANGED', 'DIRECT', 'BOTH'] as const;

export interface KeyManagerSettings {
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
};
