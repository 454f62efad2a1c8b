import { AlreadyExists, BadRequest, Conflict, Forbidden, NotFound, type Problem, problem } from '../domain/problem.js';

export const ApplicationNotFound = NotFound('Application');
export const ApplicationExists = (name: string): Problem => AlreadyExists(`An application already exists with name ${name}`);
export const NotYourApplication = (id: string): Problem => Forbidden(`You don't have permission to access the Application with Id ${id}`);
export const ApplicationNameUntrimmed = (): Problem => BadRequest('Application name cannot contain leading or trailing white spaces');
export const TierInvalid = problem(400, 900305, 'The tier name is invalid.', 'The tier name is invalid.');
export const UserNameEmpty = (): Problem => BadRequest('Username cannot be empty');
export const UserNameTooLong = (max: number): Problem => BadRequest(`Username cannot have more than ${max} characters`);
export const ApplicationNotActive = problem(400, 900309, 'Application is not active', 'Application is not active');
export const ApplicationUpdatePending = (name: string): Problem =>
  Conflict(`An update of the application ${name} is already waiting for approval`);
export const DeletionPending = (name: string): Problem => BadRequest(`The deletion of the application ${name} waits for approval already`);
export const NothingPending = problem(404, 404, 'Not Found', 'Neither a change nor a deletion of the application waits for approval');
export const KeysBeforeApproval = (): Problem =>
  BadRequest('The application would wait for an approval and get no keys before. Import it with skipApplicationKeys=true.');
/** The product answers 500 with this code; a caller's mistake is 400 here. */
export const AttributesMissing = problem(400, 900967, 'General Error', 'Required application attributes are missing: %s');
/** Nobody shares with groups that are somebody else's. */
export const ForeignGroups = (groups: readonly string[]): Problem =>
  BadRequest(`An application can be shared only with groups you belong to, which these are not: ${groups.join(', ')}`);
export const DisallowedValues = (): Problem => BadRequest('One or more request body parameters contain disallowed values.');
