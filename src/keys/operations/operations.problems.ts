import { BadRequest, NotFound, type Problem, problem } from '../../domain/problem.js';

export const NoOwner = (): Problem => BadRequest('The owner of the application must be given');
export const OwnerUnknown = problem(400, 400, 'Bad Request', 'The user %s does not exist in this tenant');
export const ClientIdFixed = (): Problem => BadRequest('The client id of an application cannot be changed');
export const SecretFixed = (): Problem => BadRequest('The client secret cannot be changed here');
export const UserNameMissing = (): Problem => BadRequest('username must be given');
export const UserUnknown = NotFound('User');
export const DialectUnknown = problem(400, 400, 'Bad Request', 'The claim dialect %s is not known');
export const TokenOfAnother = (): Problem => BadRequest('The access token is not a valid one of this user');
export const TokenMissing = (): Problem => BadRequest('token must be given');
