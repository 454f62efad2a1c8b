import { BadRequest, type Problem, problem } from '../../domain/problem.js';
import type { DefinitionFinding } from './definition.js';

export const RetrievalFailed = problem(
  400,
  900756,
  'OpenAPI definition retrieval from URL failed',
  'Exception occurred while retrieving the OpenAPI definition from URL',
);
export const RetrievalRefused = problem(
  400,
  900757,
  'OpenAPI definition retrieval from URL failed',
  "Response didn't return a 200 OK status",
);
export const ContentTooLarge = problem(
  400,
  902030,
  'Content retrieval from URL failed',
  'Maximum content size exceeded while retrieving content from URL',
);
export const DefinitionMissing = (): Problem => BadRequest('A definition is needed: give one of file, url and inline content.');
/** The product's words for an archive without a definition of one of the names it knows. */
export const MasterMissing = (): Problem => BadRequest('Error occurred while validating API Definition');
export const ArchiveUnusable = BadRequest;
export const DefinitionNotFound = problem(404, 404, 'Not Found', "Requested definition of API with Id '%s' not found");
/** A definition that does not parse or breaks the rules of its format, in the words of the finding. */
export const InvalidDefinition = ({ code, message, description }: DefinitionFinding): Problem => problem(400, code, message, description)();
