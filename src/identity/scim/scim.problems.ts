import { type Problem, problem } from '../../domain/problem.js';
import { Malformed } from '../../platform/http/body.interceptor.js';

/** The title of these kinds is the wire's `scimType`. */
const refusal =
  (scimType: string) =>
  (detail: string): Problem =>
    problem(400, 400, scimType, '%s')(detail);

export const InvalidFilter = refusal('invalidFilter');
/** The product spells this one with a capital letter when the attribute is not known. */
export const UnknownFilterAttribute = refusal('InvalidFilter');
export const InvalidSyntax = refusal('invalidSyntax');
export const InvalidPath = refusal('invalidPath');
export const InvalidValue = refusal('invalidValue');
export const NoTarget = refusal('noTarget');
export const Mutability = refusal('mutability');
export const SortingUnsupported = problem(501, 501, '', 'Sorting is not supported');
export const NotAcceptable = problem(406, 406, '', 'The content type must be application/json or application/scim+json.');
export const SchemaNotFound = problem(404, 404, '', 'No schema with the id : %s in the system.');

/** The `scimType` of a refusal: its own, else what its status means. */
export const scimTypeOf = ({ status, title, description }: Problem): string | undefined => {
  if (SCIM_TYPES.has(title)) return title;
  if (status === 409) return 'uniqueness';
  if (description === Malformed().description) return 'invalidSyntax';
  return status === 400 ? 'invalidValue' : undefined;
};

const SCIM_TYPES = new Set(['invalidFilter', 'InvalidFilter', 'invalidSyntax', 'invalidPath', 'invalidValue', 'noTarget', 'mutability']);
