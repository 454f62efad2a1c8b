import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
  type ValidationError,
  validateSync,
} from 'class-validator';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { RE2JS } from 're2js';
import { API_TYPES } from '../../domain/api.js';
import { isObject } from '../definitions/json-document.js';
import { InvalidSpecification, UnusableDefinition } from './policies.problems.js';
import {
  ATTRIBUTE_TYPES,
  POLICY_CATEGORIES,
  POLICY_FLOWS,
  type PolicyAttribute,
  type PolicyCategory,
  type PolicyFlow,
  type PolicySpecification,
  type SupportedApiType,
} from './policy-specification.js';

export const SPECIFICATION_TYPE = 'operation_policy_specification';

const SPECIFICATION_BYTES_MAX = 262_144;
const YAML_DEPTH_MAX = 20;
const YAML = CORE_SCHEMA.withTags(mergeTag);
/** Names become parts of paths and file names; control characters and separators do not belong there. */
const NAME = /^[^\p{Cc}/\\]+$/u;
/** A regular expression compiles to a program of a size that grows with its text. */
const REGEX_MAX = 1_000;
const GATEWAYS = ['Synapse', 'ChoreoConnect', 'APK', 'AWS', 'Azure', 'Kong', 'Envoy', 'solace', 'APIPlatform'] as const;
const SUPPORTED_TYPES: readonly string[] = [...API_TYPES, 'MCP'];
const ANY_CASE_TYPE = new RegExp(`^(${ATTRIBUTE_TYPES.join('|')})$`, 'i');

class AttributeDocument {
  @IsString() @Length(1, 255) readonly name!: string;
  @IsString() @Length(1, 255) readonly displayName!: string;
  @IsOptional() @IsString() @MaxLength(4_000) readonly description?: string;
  @IsString() @Matches(ANY_CASE_TYPE) readonly type!: string;
  @IsBoolean() readonly required!: boolean;
  @IsOptional() @IsString() @MaxLength(REGEX_MAX) readonly validationRegex?: string;
  @IsOptional() readonly defaultValue?: unknown;
  @IsOptional() @IsArray() readonly allowedValues?: readonly unknown[];
}

class DataDocument {
  @IsIn(POLICY_CATEGORIES) readonly category!: PolicyCategory;
  @IsString() @Length(1, 255) @Matches(NAME) readonly name!: string;
  @IsString() @Length(1, 255) @Matches(NAME) readonly version!: string;
  @IsString() @Length(1, 255) readonly displayName!: string;
  @IsOptional() @IsString() @MaxLength(4_000) readonly description?: string;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AttributeDocument)
  readonly policyAttributes?: readonly AttributeDocument[];
  @IsArray() @ArrayNotEmpty() @IsIn(POLICY_FLOWS, { each: true }) readonly applicableFlows!: readonly PolicyFlow[];
  @IsArray() @ArrayNotEmpty() @IsIn(GATEWAYS, { each: true }) readonly supportedGateways!: readonly string[];
  @IsArray() @ArrayNotEmpty() readonly supportedApiTypes!: readonly unknown[];
}

class SpecificationDocument {
  @IsIn([SPECIFICATION_TYPE]) readonly type!: string;
  @IsOptional() @IsString() readonly version?: string;
  @IsObject() @ValidateNested() @Type(() => DataDocument) readonly data!: DataDocument;
}

/**
 * Reads a specification document, JSON or YAML. Properties it does not know are left out.
 * @throws InvalidSpecification (400) naming what is wrong, UnusableDefinition (902006) for a regular expression that cannot be run in linear time.
 */
export const readSpecification = (bytes: Buffer): PolicySpecification => {
  const document = plainToInstance(SpecificationDocument, parse(bytes));
  const [broken] = validateSync(document, { forbidUnknownValues: true }).flatMap((error) => wordsOf(error, ''));
  if (broken !== undefined) throw InvalidSpecification(broken);
  const { category, name, version, displayName, description = '', applicableFlows, supportedGateways, supportedApiTypes } = document.data;
  const policyAttributes = (document.data.policyAttributes ?? []).map(attributeOf);
  const [twice] = policyAttributes.filter(
    (attribute, index) => policyAttributes.findIndex((other) => other.name === attribute.name) < index,
  );
  if (twice) throw InvalidSpecification(`data.policyAttributes: ${twice.name} is there twice`);
  return {
    category,
    name,
    version,
    displayName,
    description,
    policyAttributes,
    applicableFlows: [...new Set(applicableFlows)],
    supportedGateways: [...new Set(supportedGateways)],
    supportedApiTypes: supportedApiTypes.map(apiTypeOf),
  };
};

const parse = (bytes: Buffer): object => {
  if (bytes.length > SPECIFICATION_BYTES_MAX) throw InvalidSpecification(`it is larger than ${SPECIFICATION_BYTES_MAX} bytes`);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const value = parsed(text);
  if (!isObject(value)) throw InvalidSpecification('it is no object');
  // Escapes can spell what neither a database nor a file name holds; after an escaped backslash they are plain text.
  if (/(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f])/.test(JSON.stringify(value))) throw InvalidSpecification('it holds unusable characters');
  return value;
};

const parsed = (text: string): unknown => {
  try {
    // JSON is YAML; an alias could stand for a document of any size.
    return load(text, { schema: YAML, maxDepth: YAML_DEPTH_MAX, maxAliases: 0 });
  } catch (err) {
    throw InvalidSpecification(err instanceof Error ? err.message : 'it is neither JSON nor YAML');
  }
};

const wordsOf = (error: ValidationError, parent: string): readonly string[] => {
  const path = parent ? `${parent}.${error.property}` : error.property;
  const own = Object.values(error.constraints ?? {}).map((text) => `${path}: ${text}`);
  return [...own, ...(error.children ?? []).flatMap((child) => wordsOf(child, path))];
};

const attributeOf = (attribute: AttributeDocument): PolicyAttribute => {
  const { name, displayName, description, type, required, validationRegex, defaultValue, allowedValues } = attribute;
  if (validationRegex) checkRegex(name, validationRegex);
  return {
    name,
    displayName,
    ...(description !== undefined && description !== null && { description }),
    type,
    required,
    ...(validationRegex && { validationRegex }),
    ...(defaultValue !== undefined && defaultValue !== null && { defaultValue: scalarOf(defaultValue) }),
    ...(allowedValues && { allowedValues: allowedValues.map((value) => String(scalarOf(value))) }),
  };
};

/** Lists and objects become their JSON text: forms show texts. */
const scalarOf = (value: unknown): string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);

const checkRegex = (attribute: string, regex: string): void => {
  try {
    RE2JS.compile(regex, RE2JS.CASE_INSENSITIVE);
  } catch (err) {
    throw UnusableDefinition(`validationRegex of ${attribute}: ${err instanceof Error ? err.message : 'it cannot be read'}`);
  }
};

const apiTypeOf = (value: unknown): SupportedApiType => {
  if (typeof value === 'string' && SUPPORTED_TYPES.includes(value)) return value;
  if (isObject(value)) {
    const { apiType, subType } = value;
    const isKnown = typeof apiType === 'string' && SUPPORTED_TYPES.includes(apiType);
    if (isKnown && (subType === undefined || subType === null)) return { apiType };
    if (isKnown && typeof subType === 'string') return { apiType, subType };
  }
  throw InvalidSpecification('data.supportedApiTypes: it holds a type that is not known');
};
