import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { BadRequest } from '../../domain/problem.js';
import { validateKnown } from '../../platform/http/validation.pipe.js';
import type { ThrottlePolicyDto } from '../dto/throttle-policy.dto.js';
import type { PolicyKind } from './policy-kinds.js';

const TYPE = 'throttling policy';
const VERSION = 'v4.7.0';
/** What releases before 4.7 wrote. */
const FORMER_TYPE = 'rate-limiting policy';
const DEPTH_MAX = 20;
const YAML = CORE_SCHEMA.withTags(mergeTag);

/** What an export holds and an import takes (`reference/admin.md` §2). */
export interface PolicyDocument {
  readonly type: string;
  readonly subtype: string;
  readonly version: string;
  readonly data: object;
}

export const documentOf = ({ subtype }: PolicyKind, policy: ThrottlePolicyDto): PolicyDocument => ({
  type: TYPE,
  subtype,
  version: VERSION,
  data: { ...policy, isDeployed: false },
});

/** What a document says, for the kind it is of. */
export interface ReadPolicy {
  readonly kind: PolicyKind;
  readonly policy: ThrottlePolicyDto;
}

/** Reads an exported policy, JSON or YAML. Properties that this release does not know are left out. @throws BadRequest naming what is wrong. */
export const readDocument = async (bytes: Buffer, kinds: readonly PolicyKind[]): Promise<ReadPolicy> => {
  const { type, subtype, data } = parsed(bytes);
  if (type !== TYPE && type !== FORMER_TYPE) throw BadRequest(`The file is no exported policy: its type is not '${TYPE}'.`);
  const kind = kinds.find((one) => subtype === one.subtype || subtype === one.subtype.split(' ')[0]);
  if (kind === undefined) throw BadRequest(`The subtype of the policy must be one of: ${kinds.map((one) => one.subtype).join(', ')}.`);
  if (!isObject(data)) throw BadRequest('The file is no exported policy: it has no data.');
  return { kind, policy: await validateKnown(kind.dto, data) };
};

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (bytes: Buffer): JsonObject => {
  try {
    // What is no UTF-8 is refused, and not guessed. JSON is YAML; an alias could stand for a document of any size.
    const value = load(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { schema: YAML, maxDepth: DEPTH_MAX, maxAliases: 0 });
    if (isObject(value)) return value;
  } catch (err) {
    throw BadRequest(`The file is neither JSON nor YAML: ${err instanceof Error ? err.message : String(err)}`);
  }
  throw BadRequest('The file is no exported policy.');
};
