import { convertV2, type Options } from 'openapi-to-postmanv2';
import { isObject, type JsonObject } from '../definitions/json-document.js';
import { operationsIn, pathsOf } from '../definitions/openapi.js';

/** A saved request, or a folder of them (Postman Collection Format 2.1). */
export interface CollectionItem {
  readonly name?: string;
  readonly item?: readonly CollectionItem[];
  readonly request?: CollectionRequest;
}
export interface CollectionRequest {
  readonly method: string;
  readonly url: {
    readonly path?: readonly string[];
    readonly query?: readonly CollectionParameter[];
    readonly variable?: readonly CollectionParameter[];
  };
  readonly header?: readonly CollectionParameter[];
  readonly body?: CollectionBody;
  auth?: JsonObject;
}
export interface CollectionParameter {
  readonly key: string;
  readonly value?: string | null;
  readonly disabled?: boolean;
  /** Of a part of a form: `file` or `text`. */
  readonly type?: string;
}
export interface CollectionBody {
  readonly mode?: 'raw' | 'urlencoded' | 'formdata' | 'file' | 'graphql';
  readonly raw?: string;
  readonly urlencoded?: readonly CollectionParameter[];
  readonly formdata?: readonly CollectionParameter[];
}
export interface Collection {
  readonly info: JsonObject;
  readonly item: readonly CollectionItem[];
  auth?: JsonObject;
  variable?: readonly CollectionParameter[];
}

/** How the calls of an API present their credential. */
export interface CallCredential {
  readonly header: string;
  /** The variable's value goes into the header behind it. */
  readonly prefix: string;
  readonly variable: string;
}

export interface CollectionInput {
  /** The definition as subscribers see it. */
  readonly definition: string;
  readonly baseUrl: string;
  /** Undefined for an API that is called without any. */
  readonly credential: CallCredential | undefined;
}

export type CollectionResult = { readonly collection: Collection } | { readonly reason: string };

const OPTIONS: Options = { schemaFaker: true, parametersResolution: 'Example', includeAuthInfoInExample: false, stackLimit: 10 };

/** What Postman and its kin import: one request for each operation, with examples from the schemas and the credential as a variable. */
export const postmanCollection = async ({ definition, baseUrl, credential }: CollectionInput): Promise<CollectionResult> => {
  const open = openOperations(definition);
  const converted = await new Promise<CollectionResult>((resolve) => {
    convertV2({ type: 'string', data: definition }, OPTIONS, (err, result) => {
      const [first] = result?.output ?? [];
      // The converter's own types leave the collection open.
      resolve(first === undefined ? { reason: result?.reason ?? String(err) } : { collection: first.data as unknown as Collection });
    });
  });
  if ('reason' in converted) return converted;
  const { collection } = converted;
  collection.variable = [
    { key: 'baseUrl', value: baseUrl, type: 'string' },
    ...(credential === undefined ? [] : [{ key: credential.variable, value: '', type: 'string' }]),
  ];
  if (credential !== undefined) collection.auth = authOf(credential);
  for (const request of requestsIn(collection.item)) {
    // Without one of its own a request has the collection's.
    delete request.auth;
    if (open.has(`${request.method} ${templateOf(request)}`)) request.auth = { type: 'noauth' };
  }
  return { collection };
};

const authOf = ({ header, prefix, variable }: CallCredential): JsonObject =>
  header.toLowerCase() === 'authorization' && prefix === 'Bearer '
    ? { type: 'bearer', bearer: [{ key: 'token', value: `{{${variable}}}`, type: 'string' }] }
    : {
        type: 'apikey',
        apikey: [
          { key: 'key', value: header, type: 'string' },
          { key: 'value', value: `${prefix}{{${variable}}}`, type: 'string' },
          { key: 'in', value: 'header', type: 'string' },
        ],
      };

export const requestsIn = (items: readonly CollectionItem[]): readonly CollectionRequest[] =>
  items.flatMap(({ item, request }) => [...(request === undefined ? [] : [request]), ...requestsIn(item ?? [])]);

/** `/pets/{id}` of Postman's `pets/:id`. */
export const templateOf = ({ url: { path = [] } }: CollectionRequest): string =>
  `/${path.map((part) => part.replace(/^:(.+)$/, '{$1}')).join('/')}`;

/** Operations that are called without a credential, as `GET /pets/{id}`. */
const openOperations = (definition: string): ReadonlySet<string> => {
  const document: unknown = JSON.parse(definition);
  const paths = isObject(document) ? pathsOf(document) : [];
  return new Set(
    paths.flatMap(([path, item]) =>
      operationsIn(item).flatMap(([verb, operation]) => (operation['x-auth-type'] === 'None' ? [`${verb.toUpperCase()} ${path}`] : [])),
    ),
  );
};
