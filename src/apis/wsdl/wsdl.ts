/** A WSDL is one document, or a zip archive of documents that refer to one another; as the wire calls them. */
export const WSDL_TYPES = ['WSDL', 'ZIP'] as const;
export type WsdlType = (typeof WSDL_TYPES)[number];

/** A WSDL as it was given. */
export interface Wsdl {
  readonly type: WsdlType;
  readonly content: Buffer;
}

export interface WsdlEndpoint {
  readonly name: string;
  readonly location: string;
}

/** What a WSDL says of itself. */
export interface WsdlInfo {
  readonly version: '1.1' | '2.0';
  /** Of all its services, in their order. */
  readonly endpoints: readonly WsdlEndpoint[];
}

/** One thing wrong with a WSDL; codes are those of `reference/error-codes.csv`. */
export interface WsdlFinding {
  readonly code: number;
  readonly message: string;
  readonly description: string;
}

/** Files by their paths in the archive; of one document the only one. */
export type WsdlFiles = ReadonlyMap<string, Uint8Array>;

export const isWsdlPath = (path: string): boolean => /\.wsdl$/i.test(path);
export const isSchemaPath = (path: string): boolean => /\.xsd$/i.test(path);
