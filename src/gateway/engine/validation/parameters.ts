import type { ParameterDocument } from '../../../domain/gateway-documents.js';
import { decoded, type Fields, fieldsOf, fieldValue, simpleValue } from './parameter-values.js';
import type { SchemaCheck, SchemaSet } from './schema-set.js';

const PLACES = { path: 'path parameter', query: 'query parameter', header: 'header', cookie: 'cookie' } as const;

/** The parameters of one place of a message. */
export class Parameters {
  private readonly parameters: readonly { readonly document: ParameterDocument; readonly label: string; readonly check: SchemaCheck }[];

  constructor(documents: readonly ParameterDocument[], schemas: SchemaSet) {
    this.parameters = documents.map((document) => ({
      document,
      label: `${PLACES[document.in]} '${document.name}'`,
      check: document.style === 'json' ? schemas.check(document.schema) : schemas.checkOfText(document.schema),
    }));
  }

  get isEmpty(): boolean {
    return this.parameters.length === 0;
  }

  ofPath(values: ReadonlyMap<string, string>): readonly string[] {
    return this.messages((parameter) => {
      const value = values.get(parameter.name);
      return value === undefined ? undefined : simpleValue(parameter, value, decoded);
    });
  }

  ofQuery(query: string): readonly string[] {
    const fields = fieldsOf(query);
    return this.messages((parameter) => fieldValue(parameter, fields));
  }

  /** `headers` are names and values in turn; names compare without regard to case. */
  ofHeaders(headers: readonly string[]): readonly string[] {
    return this.messages((parameter) => {
      const value = joined(headers, parameter.name.toLowerCase());
      return value === undefined ? undefined : simpleValue(parameter, value, asIs);
    });
  }

  ofCookies(header: string | null): readonly string[] {
    const fields = cookiesOf(header ?? '');
    return this.messages((parameter) => fieldValue(parameter, fields));
  }

  private messages(read: (parameter: ParameterDocument) => unknown): readonly string[] {
    return this.parameters.flatMap(({ document, label, check }) => {
      const value = read(document);
      if (value === undefined) return document.isRequired ? [`${label} is required`] : [];
      if (document.style !== 'json') return check.messages(value, label);
      const json = jsonOf(value);
      return json === undefined ? [`${label} is not JSON`] : check.messages(json.value, label);
    });
  }
}

const asIs = (part: string): string => part;

/** Several lines of one name are a list (RFC 9110 §5.3). */
const joined = (headers: readonly string[], lower: string): string | undefined => {
  let value: string | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() === lower) value = value === undefined ? (headers[i + 1] ?? '') : `${value}, ${headers[i + 1] ?? ''}`;
  }
  return value;
};

const cookiesOf = (header: string): Fields =>
  fieldsOf(
    header
      .split(';')
      .map((pair) => pair.trim())
      .join('&'),
  );

const jsonOf = (text: unknown): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(String(text)) };
  } catch {
    return undefined;
  }
};
