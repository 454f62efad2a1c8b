import type { ApiRef } from '../../domain/api.js';
import { type ProblemKind, problem } from '../../domain/problem.js';

/** Only revision actions and deployments answer an unknown API with this code (`reference/publisher.md` §23). */
export const ApiNotFound = problem(404, 900308, 'API Not Found', "Requested API with id '%s' not found");
export const ProductNotFound = problem(404, 900360, 'API Product Not Found', "Requested API Product with id '%s' not found");
export const unknownOf = ({ kind }: ApiRef): ProblemKind => (kind === 'product' ? ProductNotFound : ApiNotFound);
/** The product answers 500 here; the text is kept, as clients look at it. */
export const RevisionOfUnknownApi = problem(404, 404, 'Not Found', 'Error while adding new API Revision for API : %s');
export const RevisionNotFound = problem(404, 900347, 'API Revision Not Found', 'Requested API Revision with id %s not found');
export const RevisionDeployed = problem(
  400,
  900348,
  'Can not delete API Revision ',
  "Couldn't delete API revision since API revision is currently deployed to a gateway. You need to undeploy the API Revision from the gateway before attempting deleting API Revision: %s ",
);
export const TooManyRevisions = problem(
  400,
  900351,
  'Can not create API Revision ',
  'Maximum number of revisions per API has reached.Need to remove any revision to create a new Revision for API with API UUID: %s',
);
export const DeploymentNotFound = problem(404, 900356, 'Existing Deployment Not Found', 'Deployment with %s not found');
/** The name is given with quotes of its own, which the text then doubles. */
const UnknownEnvironment = problem(400, 900504, 'Invalid Gateway Environment', "Gateway Environment with name '%s' not found");
export const EnvironmentNotFound = (name: string) => UnknownEnvironment(`name '${name}'`);
export const VhostMissing = problem(
  400,
  900511,
  'Gateway Environment virtual hosts name not provided',
  'Gateway Environment VHOST name not provided',
);
export const VhostUnknown = problem(
  400,
  900512,
  'Invalid virtual host name provided',
  'Virtual host with provided vhost name does not exist',
);
export const EnvironmentReadOnly = problem(
  400,
  900515,
  'Gateway environment mode is read only',
  'Cannot deploy revision in gateway environment %s with read only mode.',
);
export const RevisionOfThirdPartyApi = problem(
  400,
  903225,
  'Creating API Revisions is not supported for third party APIs',
  'Creating API Revisions is not supported for third party APIs: %s',
);
export const DeployingThirdPartyApi = problem(
  400,
  903226,
  'Deploying API Revisions is not supported for third party APIs',
  'Deploying API Revisions is not supported for third party APIs: %s',
);
export const DeployingRetiredApi = problem(
  400,
  903227,
  'Deploying API Revisions is not supported for retired APIs',
  'Deploying API Revisions is not supported for retired APIs. ApiId: %s',
);
const SequenceOnOtherGateway = problem(400, 400, 'Bad Request', 'Cannot Deploy an API with a Custom Sequence to APK Gateway: %s');
/** Plain text, as the product answers. */
export const DeployingSequenceElsewhere = (apiId: string) => SequenceOnOtherGateway(apiId).asPlainText();
export const RevisionNumberNotFound = problem(404, 903228, 'No revision found', 'No revision found for revision number %s');
