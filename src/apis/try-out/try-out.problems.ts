import { problem } from '../../domain/problem.js';

export const NothingToTry = problem(404, 404, 'Not Found', 'API with Id %s has no OpenAPI definition to make requests from');
export const NotConvertible = problem(400, 400, 'Bad Request', 'No requests can be made from the definition of the API: %s');
