/**
 * The part of OpenAPI 3.0 that clients are generated from. Whatever version an API is described in, generators read this: nothing in it leads out of the
 * document, and what becomes a name in code is an identifier already.
 */
export interface ClientDefinition {
  readonly openapi: '3.0.3';
  readonly info: { readonly title: string; readonly version: string };
  /** The gateway's address; none while the API is deployed nowhere. */
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, ClientPath>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, ClientSchema>>;
    readonly securitySchemes: Readonly<Record<string, ClientSecurityScheme>>;
  };
}

/** Operations by lower-case verb. */
export type ClientPath = Readonly<Record<string, ClientOperation>>;

export type ClientSecurityScheme =
  | { readonly type: 'oauth2'; readonly flows: { readonly implicit: { readonly authorizationUrl: string; readonly scopes: object } } }
  | { readonly type: 'apiKey'; readonly in: 'header'; readonly name: string };

export interface ClientOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated?: true;
  readonly parameters: readonly ClientParameter[];
  readonly requestBody?: ClientBody;
  readonly responses: Readonly<Record<string, ClientResponse>>;
  /** Ways in, any of which will do; empty for an open operation. */
  readonly security: readonly Readonly<Record<string, readonly never[]>>[];
}

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

export interface ClientParameter {
  /** As it is on the wire; that of a path parameter, which is not, is an identifier. */
  readonly name: string;
  readonly in: ParameterPlace;
  readonly required: boolean;
  readonly description?: string;
  readonly deprecated?: true;
  readonly style: string;
  readonly explode: boolean;
  /** It is the rest of a path: slashes in it are slashes. */
  readonly 'x-rest'?: true;
  readonly schema: ClientSchema;
}

export type ClientContent = Readonly<Record<string, { readonly schema: ClientSchema }>>;

export interface ClientBody {
  readonly required: boolean;
  readonly description?: string;
  readonly content: ClientContent;
}

export interface ClientResponse {
  readonly description: string;
  readonly content?: ClientContent;
}

export type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
/** Null is one of the values of a nullable schema. */
export type EnumValue = string | number | boolean | null;

/** Without any of these it is open: any value. */
export interface ClientSchema {
  /** `#/components/schemas/<name>`; then nothing else is set. */
  readonly $ref?: string;
  readonly type?: SchemaType;
  readonly format?: string;
  readonly description?: string;
  readonly deprecated?: true;
  readonly nullable?: true;
  readonly readOnly?: true;
  readonly writeOnly?: true;
  readonly enum?: readonly EnumValue[];
  readonly items?: ClientSchema;
  readonly properties?: Readonly<Record<string, ClientSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | ClientSchema;
  readonly allOf?: readonly ClientSchema[];
  readonly oneOf?: readonly ClientSchema[];
  readonly anyOf?: readonly ClientSchema[];
}

export const SCHEMA_POINTER = '#/components/schemas/';
