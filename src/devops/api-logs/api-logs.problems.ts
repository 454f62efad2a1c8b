import { NotFound, problem } from '../../domain/problem.js';

export const LoggedApiNotFound = problem(404, 900308, 'API Not Found', "Requested API with id '%s' not found");
export const LogLevelUnknown = problem(400, 901401, 'Bad Request', 'Log level should be either OFF, BASIC, STANDARD or FULL');
/** No level, or a method without its path. */
export const LogDataMissing = problem(400, 901402, 'Missing data', 'API context or log level is missing');
export const LoggedResourceNotFound = problem(404, 901403, 'Requested Resource Not Found', 'Requested API Resource Not Found');
export const NotOfTenant = problem(404, 901404, 'Requested API Not Found', 'Requested API Not Found');
export const TenantNotFound = NotFound('Tenant');
