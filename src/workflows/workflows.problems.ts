import { NotFound, problem } from '../domain/problem.js';

export const WorkflowNotFound = problem(404, 900551, 'Workflow error', 'Workflow entry cannot be found for the given reference id');
/** The same, as an attempt to decide words it. */
export const UndecidableWorkflow = NotFound('Workflow');
export const WorkflowDecided = problem(400, 900552, 'Workflow error', 'Workflow is already completed');
export const WorkflowPending = problem(409, 900553, 'Workflow exception', 'Pending workflow task exists for the selected API/Application');
/** The product answers 500. */
export const WrongWorkflowType = problem(400, 900554, 'Workflow error', 'Invalid workflow type specified');
export const DecisionMissing = problem(400, 902035, 'Payload is missing', 'Payload is missing in the workflow request');
export const StatusMissing = problem(400, 902036, 'Workflow status not defined', 'Workflow status is not defined');
