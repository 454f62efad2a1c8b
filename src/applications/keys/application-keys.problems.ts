import { BadRequest, Forbidden, NotFound, type Problem, problem } from '../../domain/problem.js';

export const ClosedTenant = (tenant: string): Problem =>
  Forbidden(`None of the APIs of ${tenant} is open to your tenant: its key managers make no keys for your applications`);
export const KeyMappingNotFound = NotFound('Application Key');
export const KeyMappingExists = problem(409, 901409, 'Key Mappings already exists', 'Key Mappings already exists');
/** Of an import: the archive's keys cannot stand beside those that are there. */
export const OtherKeysExist = problem(
  409,
  901409,
  'Key Mappings already exists',
  'The application has other %s keys at %s. Import it with skipApplicationKeys=true to keep them.',
);
/** Of an import: consumer keys are unique in the whole installation. */
export const ConsumerKeyInUse = problem(
  409,
  901408,
  'Application already Registered',
  'The consumer key %s of the archive is in use here. Import the application with skipApplicationKeys=true and generate new keys.',
);
export const ConsumerKeyInvalid = (): Problem =>
  BadRequest('A consumer key of the archive is none: it must have 3 to 255 letters, digits, dots, hyphens and underscores');
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
const MAPS_NONE = "Key Manager doesn't support mapping of existing OAuth applications";
export const KeyManagerMapsNoClients = problem(400, 901405, MAPS_NONE, MAPS_NONE);
export const KeyManagerRestricted = problem(403, 902013, 'Key Manager is restricted', 'You are not permitted to use the Key Manager %s');
export const KeyManagerTypeUnknown = problem(400, 901400, 'Key Manager Type not configured', 'Key Manager Type not configured');
export const RequiredPropertiesMissing = problem(
  400,
  901407,
  'Required application properties are missing',
  'Required application properties are missing: %s',
);
const INVALID_PROPERTIES = 'Invalid additional properties';
export const PropertiesInvalid = problem(400, 901410, INVALID_PROPERTIES, 'Invalid additional properties given for application');
export const PropertyUnknown = problem(
  400,
  901410,
  INVALID_PROPERTIES,
  'Invalid additional properties given for application: %s is not known to the Key Manager',
);
export const PropertyConstrained = problem(
  400,
  901410,
  INVALID_PROPERTIES,
  'Invalid additional properties given for application: %s must be %s',
);
export const ScopeNotSubscribed = problem(
  400,
  901410,
  INVALID_PROPERTIES,
  'Invalid additional properties given for application: the application is subscribed to no API with the scope %s',
);
/** The product answers 500; what the caller named is wrong, so it is 400 here. One answer for an unknown client and a wrong secret. */
export const ClientNotMappable = problem(400, 900962, 'Key Management Error', 'Error while mapping an existing consumer application.');
export const ClientIdMissing = problem(
  400,
  901414,
  'Invalid client id for Out-of-Band mode',
  'Client id cannot be empty for Out-of-Band mode',
);
export const ClientMappedElsewhere = problem(409, 901408, 'Application already Registered', 'Application already Registered');
export const ClientOfAnother = (): Problem => Forbidden('The OAuth application belongs to another user, who alone may change it');
export const ClientNotProven = (): Problem =>
  Forbidden('The OAuth application was not made here, and nothing shows that it is the caller’s to change');
export const SecretForLife = (): Problem => BadRequest('The Key Manager does not renew the secrets of its clients');
export const OneSecretOnly = problem(
  400,
  900916,
  'The requested operation is not supported',
  'The clients of this Key Manager have one secret each, which regenerate-secret replaces.',
);
export const CallbackMissing = (): Problem =>
  BadRequest('The callback url must have at least one URI value when using Authorization code or implicit grant types.');
export const ApplicationNotApproved = (): Problem => BadRequest('Application is not approved');
export const SecondsInvalid = (property: string): Problem => BadRequest(`${property} must be a whole number of seconds above zero, or -1`);
export const KeyNotReady = problem(400, 400, 'Bad Request', 'The registration of the keys is not complete');
/** The cause is the key manager's, its words are kept. */
export const TokenRefused = (cause: Problem): Problem => problem(400, cause.code, 'Bad Request', cause.description || cause.title)();

export const SecretMissing = (): Problem => BadRequest('consumerSecret must be given: it is not known here');
export const SubjectTokenMissing = (): Problem => BadRequest('additionalProperties must hold the subjectToken to exchange');
export const ExchangeElsewhere = (): Problem => BadRequest('Tokens are exchanged with keys of the resident key manager');
export const SecretIdMissing = (): Problem => BadRequest('secretId must be given');
