import { BadRequest, type Problem, problem } from '../../domain/problem.js';

export const KeyManagerTypeUnknown = problem(400, 901400, 'Key Manager Type not configured', 'Key Manager Type not configured');
export const ConnectionIncomplete = problem(
  400,
  901401,
  'Required Key Manager configuration missing',
  'Missing required configuration: %s',
);
export const KeyManagerExists = problem(409, 901402, 'Key Manager Already Exists', 'Key Manager Already Exists');
export const KeyManagerNameEmpty = problem(400, 901404, 'Key Manager name cannot be empty', 'Key Manager name cannot be empty');
export const KeyManagerNotFound = problem(404, 901411, 'Key Manager not Found', 'Key Manager not found');
const FIXED = 'Key Manager Update restricted. Certain additional fields in the Key Manager configuration cannot be modified';
export const FixedFieldChanged = problem(400, 901412, FIXED, FIXED);
export const KeyManagerKept = problem(412, 902015, 'Key Manager Delete error', 'Error while deleting the Key Manager. %s');
export const TypeChanged = (): Problem => BadRequest('The type of a key manager cannot be changed');
export const NameChanged = (): Problem => BadRequest('The name of a key manager cannot be changed: keys and APIs refer to it');
export const CertificateInvalid = (): Problem => BadRequest('certificates.value is not a certificate or public RSA key in PEM');
export const PropertyTooLong = (name: string): Problem => BadRequest(`${name} is too long`);
