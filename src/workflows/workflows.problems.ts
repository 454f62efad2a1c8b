import { NotFound, problem } from '../domain/problem.js';

export const WorkflowNotFound = problem(404, 900551, 'Workflow error', 'Workflow entry cannot be found for the given reference id');
/** The same, as an attempt to decide words it. */
export const UndecidableWorkflow = NotFound('Workflow');
export const WorkflowDecided = problem(400, 900552, 'Workflow error', 'Workflow is already completed');
export const WorkflowPending = problem(409, 900553, 'Workflow exception', 'Pending workflow task exists for the selected API/Application');
/** The product answers 500. */
export const WrongWorkflowType = problem(400, 900554, 'Workflow error', 'Invalid workflow type specified');
/** One answer for a reference that is not known, a signature that does not fit and one that is old. */
export const CallbackRefused = problem(401, 401, 'Unauthorized', 'The callback is not signed as it must be, or was signed too long ago');
export const DecisionMissing = problem(400, 902035, 'Payload is missing', 'Payload is missing in the workflow request');
export const StatusMissing = problem(400, 902036, 'Workflow status not defined', 'Workflow status is not defined');
