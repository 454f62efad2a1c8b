import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';

/** A schema as the contracts write it (OpenAPI 3.0 or Swagger 2.0): every keyword is optional. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly readOnly?: boolean;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

/** Media type to schema; a media type without a schema maps to undefined. */
export type Content = ReadonlyMap<string, Schema | undefined>;

export interface Operation {
  /** `GET /apis/{apiId}`. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly operationId: string | undefined;
  readonly tags: readonly string[];
  /** Any one of them opens the operation; none: the contract declares no scope. */
  readonly scopes: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body: Content;
  /** Status (or `default`) to content. */
  readonly responses: ReadonlyMap<string, Content>;
}

export interface Contract {
  readonly name: string;
  readonly operations: ReadonlyMap<string, Operation>;
  /** Follows a reference, of any depth, to what it names. */
  resolve(schema: Schema): Schema;
}

/** Where an API answers; the first base path is the one in its contract, the others are accepted too. */
export interface Api {
  readonly name: string;
  readonly bases: readonly string[];
  /** The path of the served definition below the base, which answers anonymously; undefined where there is none. */
  readonly definition?: string;
}

/** The ten REST APIs of the contracts, longest base paths first (contracts README, "Version in the path"). */
export const APIS: readonly Api[] = [
  { name: 'publisher-v4', bases: ['/api/am/publisher/v4', '/api/am/publisher/v4.5', '/api/am/publisher'], definition: '/swagger.yaml' },
  { name: 'devportal-v3', bases: ['/api/am/devportal/v3', '/api/am/devportal/v3.5', '/api/am/devportal'], definition: '/swagger.yaml' },
  { name: 'admin-v4', bases: ['/api/am/admin/v4', '/api/am/admin/v4.5', '/api/am/admin'], definition: '/swagger.yaml' },
  { name: 'gateway-v2', bases: ['/api/am/gateway/v2'] },
  { name: 'service-catalog-v1', bases: ['/api/am/service-catalog/v1'], definition: '/oas.yaml' },
  { name: 'governance-v1', bases: ['/api/am/governance/v1', '/api/am/governance/v1.2', '/api/am/governance'], definition: '/swagger.yaml' },
  { name: 'internal-data-v1', bases: ['/internal/data/v1', '/internal/gateway'] },
  { name: 'devops-v0', bases: ['/api/am/devops/v0'] },
  { name: 'client-registration-v0.17', bases: ['/client-registration/v0.17'] },
  { name: 'keymanager-operations', bases: ['/keymanager-operations'] },
];

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;
const JSON_MEDIA = 'application/json';

/** The folder with the contracts, or undefined when there is none; `CONTRACTS_DIR` and the argument override the usual place. */
export const contractsFolder = (override = process.env['CONTRACTS_DIR']): string | undefined => {
  const folder = resolve(override ?? '../shared/contracts');
  return existsSync(join(folder, 'publisher-v4.yaml')) ? folder : undefined;
};

const cache = new Map<string, Contract>();

/** Reads the contract of an API; throws when its file is missing or is no YAML. */
export const loadContract = (name: string, folder: string): Contract => {
  const path = join(folder, `${name}.yaml`);
  const known = cache.get(path);
  if (known) return known;
  const contract = contractOf(name, load(readFileSync(path, 'utf8')) as Document); // the shape is checked nowhere else: the files are given
  cache.set(path, contract);
  return contract;
};

// What is read from a document, whichever of the two formats it has. Fields of Swagger 2.0 are marked.
interface Document {
  readonly swagger?: string; // 2.0
  readonly consumes?: readonly string[]; // 2.0
  readonly produces?: readonly string[]; // 2.0
  readonly paths?: Readonly<Record<string, Readonly<Record<string, RawOperation>> & { readonly parameters?: readonly RawParameter[] }>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

interface RawParameter extends Schema {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
}

interface RawOperation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly consumes?: readonly string[]; // 2.0
  readonly produces?: readonly string[]; // 2.0
  readonly parameters?: readonly RawParameter[];
  readonly requestBody?: { readonly $ref?: string; readonly content?: RawContent };
  readonly responses?: Readonly<Record<string, { readonly $ref?: string; readonly content?: RawContent; readonly schema?: Schema }>>;
  readonly security?: Document['security'];
}

type RawContent = Readonly<Record<string, { readonly schema?: Schema }>>;

const contentOf = (content: RawContent | undefined): Content =>
  new Map(Object.entries(content ?? {}).map(([media, { schema }]) => [media, schema]));

/** Brings a parsed OpenAPI 3 or Swagger 2.0 document into one form. */
export const contractOf = (name: string, document: Document): Contract => {
  const lookUp = (reference: string): unknown =>
    reference
      .split('/')
      .slice(1)
      .reduce<unknown>(
        (at, part) => (at as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')],
        document,
      ); // any node of the document
  const follow = <T extends { readonly $ref?: string }>(node: T): T => {
    if (!node.$ref) return node;
    const target = lookUp(node.$ref);
    if (target === undefined) throw new Error(`${name}: ${node.$ref} leads nowhere`);
    return follow(target as T); // a reference stands for a node of its own kind
  };
  const operations = new Map<string, Operation>();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const verb of METHODS) {
      const raw = item[verb];
      if (!raw) continue;
      const operation = operationOf(verb.toUpperCase(), path, raw, item.parameters ?? [], document, follow);
      operations.set(operation.key, operation);
    }
  }
  return { name, operations, resolve: follow };
};

type Follow = <T extends { readonly $ref?: string }>(node: T) => T;

const operationOf = (
  method: string,
  path: string,
  raw: RawOperation,
  shared: readonly RawParameter[],
  document: Document,
  follow: Follow,
): Operation => {
  const all = [...shared, ...(raw.parameters ?? [])].map(follow);
  const inBody = all.find((parameter) => parameter.in === 'body');
  const media = (raw.consumes ?? document.consumes ?? [JSON_MEDIA])[0] ?? JSON_MEDIA;
  const produced = (raw.produces ?? document.produces ?? [JSON_MEDIA])[0] ?? JSON_MEDIA;
  const responses = Object.entries(raw.responses ?? {}).map(([status, response]): [string, Content] => {
    const answer = follow(response);
    return [status, answer.schema ? new Map([[produced, answer.schema]]) : contentOf(answer.content)];
  });
  return {
    key: `${method} ${path}`,
    method,
    path,
    operationId: raw.operationId,
    tags: raw.tags ?? [],
    scopes: (raw.security ?? document.security ?? []).flatMap((entry) => Object.values(entry).flat()),
    parameters: all
      .filter((parameter) => parameter.in !== 'body' && parameter.in !== 'formData')
      .map(({ name, in: where, required, schema, ...own }) => ({
        name,
        in: where,
        required: required === (true as unknown),
        schema: schema ?? own,
      })), // in Swagger 2.0 the parameter is the schema
    body: inBody?.schema ? new Map([[media, inBody.schema]]) : contentOf(raw.requestBody ? follow(raw.requestBody).content : undefined),
    responses: new Map(responses),
  };
};

/** A schema with its references followed and its `allOf` parts merged, one level deep; alternatives add their properties. */
export const flatten = (contract: Contract, schema: Schema): Schema => {
  const own = contract.resolve(schema);
  const parts = [...(own.allOf ?? []), ...(own.oneOf ?? []), ...(own.anyOf ?? [])].map((part) => flatten(contract, part));
  if (parts.length === 0) return own;
  const { allOf, oneOf, anyOf, ...rest } = own;
  const required = [...parts.flatMap((part) => (oneOf || anyOf ? [] : listed(part.required))), ...listed(own.required)];
  return {
    ...Object.assign({}, ...parts),
    ...rest,
    properties: Object.assign({}, ...parts.map((part) => part.properties), own.properties),
    required: [...new Set(required)],
  };
};

/** The `required` list; Swagger 2.0 files of upstream have a stray boolean in its place. */
export const listed = (required: unknown): readonly string[] => (Array.isArray(required) ? required : []);

/** An operation found by its method and a path below one of the API's bases. */
export interface Match {
  readonly api: Api;
  readonly operation: Operation;
}

/** The operation a request addresses, literal path segments before parameters; undefined when no contract has it. */
export const matchOperation = (method: string, path: string, contractNamed: (name: string) => Contract): Match | undefined => {
  for (const api of APIS) {
    const base = [...api.bases]
      .sort((a, b) => b.length - a.length)
      .find((candidate) => path === candidate || path.startsWith(`${candidate}/`));
    if (base === undefined) continue;
    const operation = operationAt(contractNamed(api.name), method, path.slice(base.length) || '/');
    return operation && { api, operation };
  }
  return undefined;
};

interface Template {
  readonly operation: Operation;
  readonly parts: readonly string[];
}

/** A contract's operations by method and number of segments, literal segments before parameters: every answer of a test run looks here. */
const templates = new WeakMap<Contract, ReadonlyMap<string, readonly Template[]>>();

const templatesOf = (contract: Contract): ReadonlyMap<string, readonly Template[]> => {
  const known = templates.get(contract);
  if (known) return known;
  const literals = ({ parts }: Template) => parts.map((part) => (part.startsWith('{') ? '1' : '0')).join('');
  const all = Array.from(contract.operations.values(), (operation) => ({ operation, parts: operation.path.split('/') }));
  all.sort((a, b) => literals(a).localeCompare(literals(b)));
  const grouped = Map.groupBy(all, ({ operation, parts }) => `${operation.method} ${parts.length}`);
  templates.set(contract, grouped);
  return grouped;
};

const operationAt = (contract: Contract, method: string, path: string): Operation | undefined => {
  const segments = path.split('/');
  const candidates = templatesOf(contract).get(`${method} ${segments.length}`) ?? [];
  const fits = ({ parts }: Template) =>
    parts.every((part, index) => part === segments[index] || (part.startsWith('{') && segments[index] !== ''));
  return candidates.find(fits)?.operation;
};
