import { BadRequest, NotFound, type Problem, problem } from '../../domain/problem.js';

export const KeyMappingNotFound = NotFound('Application Key');
export const KeyMappingExists = problem(409, 901409, 'Key Mappings already exists', 'Key Mappings already exists');
export const KeyManagerNotRegistered = problem(400, 901403, 'Key Manager not Registered', 'Key Manager not Registered');
export const KeyManagerDisabled = problem(
  400,
  901406,
  'Key Manager is not enabled in the system',
  'Key Manager is not enabled in the system',
);
const NO_APPLICATIONS = "Key Manager doesn't support generating OAuth applications";
export const KeyManagerMakesNoClients = problem(400, 901405, NO_APPLICATIONS, NO_APPLICATIONS);
const NO_TOKENS = "Key Manager doesn't support token generation";
export const KeyManagerIssuesNoTokens = problem(400, 901405, NO_TOKENS, NO_TOKENS);
export const PropertiesInvalid = problem(
  400,
  901410,
  'Invalid additional properties',
  'Invalid additional properties given for application',
);
export const CallbackMissing = (): Problem =>
  BadRequest('The callback url must have at least one URI value when using Authorization code or implicit grant types.');
export const ApplicationNotApproved = (): Problem => BadRequest('Application is not approved');
export const SecondsInvalid = (property: string): Problem => BadRequest(`${property} must be a whole number of seconds above zero, or -1`);
export const KeyNotReady = problem(400, 400, 'Bad Request', 'The registration of the keys is not complete');
export const TokenRefused = (cause: Problem): Problem => problem(400, cause.code, 'Bad Request', cause.description || cause.title)();

export const SecretIdMissing = (): Problem => BadRequest('secretId must be given');
