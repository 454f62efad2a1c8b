import { BadRequest, NotFound, problem } from '../../domain/problem.js';

export const DocumentNotFound = NotFound('Document');
export const DocumentContentNotFound = NotFound('Document content');
export const DocumentExists = problem(409, 900312, 'Document already exists', 'Document already exists');
export const IllegalDocumentName = problem(
  400,
  902016,
  'Document name cannot contain illegal characters',
  'Document name contains one or more illegal characters',
);
export const DocumentParameterMissing = problem(
  400,
  903245,
  'Parameter value missing',
  'Some of the mandatory parameter values were missing. %s',
);
/** The product answers 500 with this code; what was sent is at fault. */
export const InvalidDocumentVisibility = problem(
  400,
  900326,
  'Invalid document visibility type',
  "Visibility type of the document '%s' is invalid",
);
/** As for a value that the contract does not have; which types there are is the installation's business. */
export const UnknownDocumentType = () => BadRequest('One or more request body parameters contain disallowed values.');
