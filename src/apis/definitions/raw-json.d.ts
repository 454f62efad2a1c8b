/** Numbers as they were written (ECMA-262 since 2025), which the library types do not describe yet. */
interface RawJson {
  readonly rawJSON: string;
}

interface JSON {
  /** A value that `JSON.stringify` writes as this text. */
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
}
