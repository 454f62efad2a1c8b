/** A field of a form that the portals show for a key manager: its connection, or the settings of a client (`reference/key-manager-connectors.md` §1). */
export interface ConnectorField {
  readonly name: string;
  readonly label: string;
  readonly type: 'input' | 'select' | 'checkbox' | 'options' | 'labelOnly' | 'text';
  readonly tooltip: string;
  readonly default: string | boolean | number | readonly string[];
  readonly required: boolean;
  /** A secret: kept encrypted and read back as `*****`. */
  readonly mask: boolean;
  readonly values: readonly (string | ConnectorField)[];
  readonly multiple: boolean;
  readonly updateDisabled?: boolean;
}

/** What the portals are told of a type of key managers. */
export interface ConnectorDescriptor {
  /** As `type` of a key manager names it. */
  readonly type: string;
  readonly displayName: string;
  readonly defaultConsumerKeyClaim: string;
  readonly defaultScopesClaim: string;
  /** Clients are made by hand and only mapped: there is nobody to speak to. */
  readonly isOutOfBand: boolean;
  /** Settings of the connection, kept in the key manager's `additionalProperties`. */
  readonly configurations: readonly ConnectorField[];
  /** Addresses that the type needs beside those of every key manager. */
  readonly endpointConfigurations: readonly ConnectorField[];
  /** Settings of a client, sent in `additionalProperties` with keys. */
  readonly applicationConfigurations: readonly ConnectorField[];
}

/** Values by field name, as the portals send them. */
export type ConnectorProperties = Readonly<Record<string, unknown>>;

/** A key manager as its connector needs it: secrets readable, endpoints as an administrator set them; empty where there is none. */
export interface ConnectedKeyManager {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly type: string;
  readonly issuer: string;
  readonly wellKnownEndpoint: string;
  readonly clientRegistrationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revokeEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly scopeManagementEndpoint: string;
  /** Further endpoints by name, those of its type among them. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Claims that name the client and the scopes, in tokens and in answers about tokens. */
  readonly consumerKeyClaim: string;
  readonly scopesClaim: string;
  readonly properties: ConnectorProperties;
}

/** The client that an application wants. */
export interface ClientRequest {
  /** Unique for each application and key type (`reference/key-manager.md` §10). */
  readonly name: string;
  readonly displayName: string;
  readonly owner: string;
  readonly grantTypes: readonly string[];
  readonly callbackUrls: readonly string[];
  readonly scopes: readonly string[];
  readonly properties: ConnectorProperties;
}

/** A client as the key manager knows it. */
export interface ConnectedClient {
  readonly clientId: string;
  /** Undefined for a public client, and where the key manager does not repeat it. */
  readonly clientSecret: string | undefined;
  readonly grantTypes: readonly string[];
  readonly callbackUrls: readonly string[];
  /** The whole answer of the key manager, as `additionalProperties` show it. */
  readonly properties: ConnectorProperties;
}

/** An access token of the application itself. */
export interface ConnectedToken {
  readonly accessToken: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly expiresIn: number;
}

/** What a key manager says of a token (RFC 7662). */
export interface TokenFacts {
  readonly active: boolean;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly subject: string;
  /** Epoch seconds; undefined for a token without end. */
  readonly expiresAt: number | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * One type of key managers outside of this process: how clients are made there, and what tokens are asked. Every method is a call over the network,
 * so none runs inside a transaction. They throw `Problem`: what the other side refused, in its own words, or that it cannot be reached.
 */
export abstract class KeyManagerConnector {
  abstract readonly descriptor: ConnectorDescriptor;

  abstract createClient(keyManager: ConnectedKeyManager, request: ClientRequest): Promise<ConnectedClient>;
  abstract updateClient(keyManager: ConnectedKeyManager, clientId: string, request: ClientRequest): Promise<ConnectedClient>;
  /** Whether the key manager tells of clients that were not made from here, so that {@link client} can find out whether one exists. */
  abstract mayLookUp(keyManager: ConnectedKeyManager): boolean;
  /** Undefined when the key manager knows no such client, or tells nobody of its clients. */
  abstract client(keyManager: ConnectedKeyManager, clientId: string): Promise<ConnectedClient | undefined>;
  /** Does nothing when the client is gone already. */
  abstract removeClient(keyManager: ConnectedKeyManager, clientId: string): Promise<void>;
  /** Undefined where clients keep their secret for life. */
  abstract newSecret(keyManager: ConnectedKeyManager, clientId: string): Promise<ConnectedClient | undefined>;
  abstract applicationToken(
    keyManager: ConnectedKeyManager,
    client: { readonly clientId: string; readonly clientSecret: string },
    request: { readonly scopes: readonly string[]; readonly validitySeconds: number; readonly properties: ConnectorProperties },
  ): Promise<ConnectedToken>;
  abstract introspect(keyManager: ConnectedKeyManager, token: string): Promise<TokenFacts>;
}
