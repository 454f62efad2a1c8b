import { problem } from '../../domain/problem.js';

/** The title of these kinds is the wire's `faultcode`; all others are `soapenv:Server` (`reference/identity.md` §4). */
export const NotLoggedIn = problem(401, 50_977, '50977', 'Access Denied. Please login first.');
export const LoginFailed = problem(401, 50_977, '50977', 'Authentication failure');
export const AccessDenied = problem(403, 50_978, '50978', 'Access Denied.');
/** The message is not what SOAP 1.1 asks for. */
export const MessageInvalid = problem(400, 400, 'soapenv:Client', 'The message cannot be read: %s.');
export const VersionMismatch = problem(400, 400, 'soapenv:VersionMismatch', 'Only messages of SOAP 1.1 are understood.');
export const OperationUnknown = problem(400, 400, 'soapenv:Client', 'The service %s has no operation %s.');
export const ParameterInvalid = problem(400, 400, 'soapenv:Client', 'The value of %s must be %s.');
export const MessageTooLarge = problem(413, 413, 'soapenv:Client', 'The message is larger than allowed.');
export const ContentTypeUnsupported = problem(415, 415, 'soapenv:Client', 'The content type of a SOAP 1.1 message is text/xml.');

export const FAULT_CODES: ReadonlySet<string> = new Set(['50977', '50978', 'soapenv:Client', 'soapenv:VersionMismatch']);

export const ServiceUnknown = problem(404, 404, 'Not Found', 'The requested resource does not exist.');
export const MetadataHidden = problem(403, 403, 'Forbidden', 'Access to service metadata for service: %s has been forbidden');

/** There are no user stores but the primary one. */
export const StoreUnknown = problem(400, 400, 'Bad Request', 'Invalid Domain Name');
export const UserUnknown = problem(404, 30_007, 'Not Found', '30007 - UserNotFound: User %s does not exist in: PRIMARY');
export const RoleUnknown = problem(404, 404, 'Not Found', 'The role %s does not exist.');
export const RoleStays = problem(
  400,
  400,
  'Bad Request',
  'A new name keeps the role %s where it is: in the user store, or with its domain.',
);
export const PasswordWrong = problem(400, 400, 'Bad Request', 'Old credential does not match with the existing credentials.');
export const EveryoneUnlisted = problem(400, 400, 'Bad Request', 'Invalid operation. Every user holds the role %s, which is not listed.');
export const ClaimKept = problem(400, 400, 'Bad Request', 'The claim %s is kept by the server.');
