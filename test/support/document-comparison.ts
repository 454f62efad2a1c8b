import { type Content, type Contract, flatten, listed, type Operation, type Parameter, type Schema } from './contracts.js';
import { isAnything } from './response-schema.js';

/** One thing about a declared operation that is not as its contract has it. */
export interface Deviation {
  /** `GET /apis/{apiId}`. */
  readonly operation: string;
  readonly text: string;
}

/** Success statuses in which the product departs from the contract: status answered, and the contract's that it stands for. */
export type Instead = ReadonlyMap<number, number>;

/** Everything in which the served document departs from the contract, for the operations it declares. */
export const compareDocuments = (contract: Contract, served: Contract, instead: (operation: string) => Instead): readonly Deviation[] =>
  [...served.operations.values()].flatMap((ours) => {
    const theirs = contract.operations.get(ours.key);
    const texts = theirs
      ? compareOperation({ contract, served }, theirs, ours, instead(ours.key))
      : ['the operation is not in the contract'];
    return texts.map((text) => ({ operation: ours.key, text }));
  });

interface Sides {
  readonly contract: Contract;
  readonly served: Contract;
}

const compareOperation = (sides: Sides, theirs: Operation, ours: Operation, instead: Instead): readonly string[] => [
  ...differs('operationId', theirs.operationId, ours.operationId),
  ...differs('tags', sorted(theirs.tags), sorted(ours.tags)),
  ...differs('scopes', sorted(theirs.scopes), sorted(ours.scopes)),
  ...compareParameters(sides, theirs.parameters, ours.parameters),
  ...compareContent(sides, 'request body', theirs.body, ours.body, true),
  ...compareResponses(sides, theirs, ours, instead),
];

const sorted = (words: readonly string[]) => [...new Set(words)].sort().join(' ') || undefined;

const differs = (what: string, theirs: string | undefined, ours: string | undefined): readonly string[] => {
  if (theirs === ours) return [];
  if (theirs === undefined) return [`${what} is given (${ours}) although the contract has none`];
  return [`${what} is ${ours ?? 'missing'} instead of ${theirs}`];
};

const compareParameters = (sides: Sides, theirs: readonly Parameter[], ours: readonly Parameter[]): readonly string[] => {
  const id = (parameter: Parameter) =>
    `${parameter.in} parameter ${parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name}`;
  const own = new Map(ours.map((parameter) => [id(parameter), parameter]));
  const known = new Set(theirs.map(id));
  return [
    ...theirs.flatMap((parameter) => {
      const name = id(parameter);
      const mine = own.get(name);
      if (!mine) return [`${name} is missing`];
      const needed = parameter.required === mine.required ? [] : [`${name} is ${mine.required ? 'required' : 'optional'}`];
      return [...needed, ...compareSchema(sides, name, parameter.schema, mine.schema, true)];
    }),
    ...ours.filter((parameter) => !known.has(id(parameter))).map((parameter) => `${id(parameter)} is not in the contract`),
  ];
};

const compareResponses = (sides: Sides, theirs: Operation, ours: Operation, instead: Instead): readonly string[] => {
  const successes = [...theirs.responses.keys()].filter((status) => status.startsWith('2'));
  const answered = [...ours.responses.keys()].filter((status) => status.startsWith('2'));
  const meant = (status: string) => String(instead.get(Number(status)) ?? status);
  const unknown = answered.filter((status) => !theirs.responses.has(meant(status)) && !theirs.responses.has('default'));
  if (unknown.length > 0) return unknown.map((status) => `response ${status} is not in the contract (${successes.join(', ')})`);
  return answered.flatMap((status) => {
    const content = theirs.responses.get(meant(status)) ?? new Map();
    return compareContent(sides, `response ${status}`, content, ours.responses.get(status) ?? new Map(), false);
  });
};

const compareContent = (sides: Sides, where: string, theirs: Content, ours: Content, request: boolean): readonly string[] =>
  [...theirs].flatMap(([media, schema]) => {
    // The text of a definition has many media types; only structured bodies have fields to compare.
    if (!schema || !/json|form/.test(media)) return [];
    const own = ours.get(media);
    if (!ours.has(media)) return [`${where} ${media} is missing`];
    return own ? compareSchema(sides, where, schema, own, request) : [`${where} ${media} has no schema`];
  });

const LIMITS = ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems'] as const;

/** Compares types, formats, enums and fields, and in requests what is required and the limits; `seen` stops at schemas that contain themselves. */
const compareSchema = (
  sides: Sides,
  at: string,
  theirs: Schema,
  ours: Schema,
  request: boolean,
  seen: readonly (string | undefined)[] = [],
): readonly string[] => {
  if (theirs.$ref && seen.includes(theirs.$ref)) return [];
  const path = theirs.$ref ? [...seen, theirs.$ref] : seen;
  const wanted = flatten(sides.contract, theirs);
  const own = flatten(sides.served, ours);
  const type = typeOf(wanted);
  if (type === undefined || isAnything(wanted)) return [];
  if (typeOf(own) !== type) return [`${at} is ${typeOf(own) ?? 'untyped'} instead of ${type}`];
  if (type === 'array') return compareSchema(sides, `${at}/*`, wanted.items ?? {}, own.items ?? {}, request, path);
  if (type === 'object') return compareObject(sides, at, wanted, own, request, path);
  return [
    ...differs(`${at} format`, wanted.format, own.format),
    ...differs(`${at} enum`, wanted.enum && sorted(wanted.enum.map(String)), own.enum && sorted(own.enum.map(String))),
    ...(request ? LIMITS.flatMap((limit) => differs(`${at} ${limit}`, limitOf(wanted, limit), limitOf(own, limit))) : []),
    ...(request && wanted.pattern && !own.pattern ? [`${at} pattern is missing`] : []),
  ];
};

/** A least length of nothing limits nothing. */
const limitOf = (schema: Schema, limit: (typeof LIMITS)[number]): string | undefined =>
  /^min(Length|Items)$/.test(limit) && schema[limit] === 0 ? undefined : schema[limit]?.toString();

const typeOf = (schema: Schema): string | undefined => schema.type ?? (schema.properties ? 'object' : undefined);

const compareObject = (
  sides: Sides,
  at: string,
  wanted: Schema,
  own: Schema,
  request: boolean,
  seen: readonly (string | undefined)[],
): readonly string[] => {
  if (typeof wanted.additionalProperties === 'object' && typeof own.additionalProperties === 'object') {
    return compareSchema(sides, `${at}/*`, wanted.additionalProperties, own.additionalProperties, request, seen);
  }
  const fields = Object.entries(wanted.properties ?? {});
  const known = new Set(fields.map(([name]) => name));
  const extra = Object.keys(own.properties ?? {}).filter((name) => !known.has(name));
  return [
    ...fields.flatMap(([name, field]) => {
      const mine = own.properties?.[name];
      if (!mine) return [`${at}/${name} is missing`];
      const required = listed(wanted.required).includes(name);
      const asked = listed(own.required).includes(name);
      const needed = request && required !== asked ? [`${at}/${name} is ${asked ? 'required' : 'optional'}`] : [];
      return [...needed, ...compareSchema(sides, `${at}/${name}`, field, mine, request, seen)];
    }),
    ...extra.map((name) => `${at}/${name} is not in the contract`),
  ];
};
