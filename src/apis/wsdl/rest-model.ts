import type { QName } from './wsdl-xml.js';

/** A value without parts, as JSON Schema describes it. */
export type SimpleSchema = Readonly<Record<string, unknown>>;

/** What an element holds: text, the parts of a named type, or anything. */
export type ValueType = { readonly simple: SimpleSchema } | { readonly complex: string } | 'any';

/** A child element of a type, or an attribute of it. */
export interface Field extends QName {
  readonly type: ValueType;
  readonly isMany: boolean;
  readonly isRequired: boolean;
  readonly isNillable: boolean;
  readonly isAttribute: boolean;
}

/** A type with parts. */
export interface ComplexType {
  readonly fields: readonly Field[];
  /** Of text beside attributes. */
  readonly text?: SimpleSchema;
}

/** By names that are unique in the WSDL. */
export type ComplexTypes = ReadonlyMap<string, ComplexType>;

/** The element within the body of a SOAP message; null where the body is empty. */
export type MessageRoot = (QName & { readonly type: ValueType }) | null;

export interface SoapOperation {
  readonly name: string;
  /** Where it is found below the REST face; no two operations have the same. */
  readonly path: string;
  readonly description: string;
  readonly action: string;
  readonly soapVersion: '1.1' | '1.2';
  readonly request: MessageRoot;
  /** Undefined where nothing is answered. */
  readonly response: MessageRoot | undefined;
}

/** Why a WSDL has no REST face; the text is fit for the caller. */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable';
}
