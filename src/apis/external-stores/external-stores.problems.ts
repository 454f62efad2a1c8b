import { BadRequest, Conflict, problem } from '../../domain/problem.js';

export const ExternalStoreNotFound = problem(
  404,
  901200,
  'External Store Not Found',
  'Error while publishing to external stores. External Store Not Found',
);
/** The product answers 500; nothing of this server failed. */
export const StoresFailed = (failures: readonly string[]) => BadRequest(`Error while publishing to external stores. ${failures.join(' ')}`);
export const NotInDevportal = () => Conflict('Only an API that the developer portal shows can be published to external stores.');
