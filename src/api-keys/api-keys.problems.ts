import { BadRequest, NotFound, type Problem, problem } from '../domain/problem.js';

export const ApiKeyNotFound = NotFound('API Key');
export const ApiKeyNotAssociated = problem(
  404,
  902061,
  'API key association not available',
  'API key association not available for the given application and API.',
);
export const KeyNameMissing = problem(400, 400, 'Bad Request', 'keyName must be given');
export const KeyTypeInvalid = (): Problem => BadRequest('keyType must be PRODUCTION or SANDBOX');
export const LegacyKeysDisabled = (): Problem => BadRequest('API keys of applications are not enabled; make a key of the API instead');
export const NotSubscribed = problem(400, 400, 'Bad Request', 'The application %s is not subscribed to the API %s');
export const OneOfKeyAndId = (): Problem => BadRequest('Either apikey or keyUUID must be given');
export const IpInvalid = problem(400, 400, 'Bad Request', 'permittedIP: %s is neither an address nor a network');
export const RefererInvalid = problem(400, 400, 'Bad Request', 'permittedReferer must be text, not %s');
export const RestrictionsTooLong = problem(400, 400, 'Bad Request', '%s must not be longer than %s characters');
