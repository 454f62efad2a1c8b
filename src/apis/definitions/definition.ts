import type { ApiOperation, ApiScope, CorsConfiguration, EndpointConfig } from '../../domain/api.js';
import type { AuthType } from '../../domain/gateway-documents.js';

/** What a definition is written in; the other kinds come with their API types. */
export const DEFINITION_KINDS = ['OPENAPI'] as const;
export type DefinitionKind = (typeof DEFINITION_KINDS)[number];

/** One thing wrong with a definition; `description` says where. Codes are those of `reference/error-codes.csv`. */
export interface DefinitionFinding {
  readonly code: number;
  readonly message: string;
  readonly description: string;
}

/** What a definition says about itself. */
export interface DefinitionInfo {
  readonly name: string;
  readonly version: string;
  /** From `basePath`; empty when the definition has none. */
  readonly context: string;
  readonly description: string;
  /** As written: `2.0`, `3.0.1`, … */
  readonly openAPIVersion: string;
  /** Addresses of the servers it names. */
  readonly endpoints: readonly string[];
}

/** An operation as a definition has it; what it does not say is null. */
export interface DefinedOperation extends Pick<ApiOperation, 'target' | 'verb' | 'scopes'> {
  readonly authType: AuthType | null;
  readonly throttlingPolicy: string | null;
  readonly amznResourceName?: string;
  readonly amznResourceTimeout?: number;
  readonly amznResourceContentEncode?: boolean;
}

/** API settings a definition carries in root extensions; absent ones are undefined. */
export interface DefinedSettings {
  readonly basePath?: string;
  readonly authorizationHeader?: string;
  readonly apiKeyHeader?: string;
  readonly apiThrottlingPolicy?: string;
  readonly transport?: readonly string[];
  readonly securityScheme?: readonly string[];
  readonly corsConfiguration?: CorsConfiguration;
  readonly endpointConfig?: EndpointConfig;
  readonly responseCachingEnabled?: boolean;
  readonly cacheTimeout?: number;
}

/** A definition that was read and found good. */
export interface Definition {
  /** The document as JSON text. */
  readonly content: string;
  readonly info: DefinitionInfo;
  readonly operations: readonly DefinedOperation[];
  readonly scopes: readonly ApiScope[];
  readonly settings: DefinedSettings;
  /** What the root extensions for endpoints say beyond addresses (`advanceEndpointConfig`), by key type. */
  readonly circuitBreakers?: CircuitBreakers;
}

export interface CircuitBreakers {
  readonly production?: Readonly<Record<string, unknown>>;
  readonly sandbox?: Readonly<Record<string, unknown>>;
}

export type DefinitionReading =
  | ({ readonly valid: true } & Definition)
  | { readonly valid: false; readonly findings: readonly DefinitionFinding[] };

/** What of an API its definition repeats. */
export interface DefinitionSource {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** `<context>/<version>` with the tenant's prefix. */
  readonly basePath: string;
  readonly operations: readonly ApiOperation[];
  readonly scopes: readonly ApiScope[];
  readonly authorizationHeader: string;
  readonly apiKeyHeader: string;
  readonly apiThrottlingPolicy: string | null;
  readonly transport: readonly string[];
  readonly securityScheme: readonly string[];
  readonly corsConfiguration: CorsConfiguration;
  readonly endpointConfig: EndpointConfig | null;
  /** Who answers; mocks have their scripts in the definition. */
  readonly endpointImplementationType: 'INLINE' | 'ENDPOINT' | 'MOCKED_OAS';
  readonly responseCachingEnabled: boolean;
  /** Seconds. */
  readonly cacheTimeout: number;
}
