import { problem } from '../../domain/problem.js';

export const InvalidEnvironmentProperties = problem(
  400,
  900358,
  'Invalid environment specific api property config',
  'Environment specific api property config is not valid. %s',
);
