import { type Problem, problem } from '../../domain/problem.js';

const Unreadable = problem(
  400,
  900907,
  'Error while reading meta information from the definition',
  'Error while reading meta information from the definition',
);
/** A file of the archive that holds no object we can use; the finding says which and why. */
export const UnreadableMeta = (path: string, why: string): Problem =>
  Unreadable().withFindings([{ code: '900907', message: `${path}: ${why}` }]);
const UnreadableParamsFile = problem(
  400,
  900908,
  'Error while reading meta information from the params file',
  'Error while reading meta information from the params file',
);
/** As {@link UnreadableMeta}, for the parameters the CLI puts beside an archive. */
export const UnreadableParams = (why: string): Problem => UnreadableParamsFile().withFindings([{ code: '900908', message: why }]);
export const ProjectDefinitionMissing = problem(
  400,
  900909,
  'Cannot find the definition file of the project',
  'Cannot find the yaml/json file with the project definition.',
);
export const NoArtifacts = problem(404, 900910, 'No Api artifacts found for given criteria', 'No Api artifacts found for given criteria');
export const ProviderOfOtherTenant = problem(
  403,
  403,
  'Forbidden',
  'Tenant mismatch! Please enable preserveProvider property for cross tenant API Import.',
);
export const NoVhosts = problem(400, 903232, 'No VHosts defined for the environment', 'No VHosts defined for the environment: %s');
export const EnvironmentUnknown = problem(400, 903233, 'Gateway environment not found', 'Provided gateway environment %s is not found');
