import { BadRequest, problem } from '../../domain/problem.js';

export const SequenceBackendNotFound = problem(
  404,
  903250,
  'Sequence Backend not found',
  "Requested Sequence Backend of API '%s' not found",
);
export const SequenceNotXml = (kind: string) => BadRequest(`Provided sequence content for ${kind} is not a valid XML file`);
export const SequenceMissing = () =>
  BadRequest('Validation Error').withFindings([{ code: '400_sequence', message: 'sequence: must not be null' }]);
export const UnknownSequenceType = () => BadRequest('Invalid type. It must be PRODUCTION or SANDBOX.');
export const SequenceOfOtherType = (type: string) => BadRequest(`Sequence backends are for HTTP APIs; this one is of type ${type}.`);
