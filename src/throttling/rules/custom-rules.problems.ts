import { AlreadyExists, Forbidden, type Problem, problem } from '../../domain/problem.js';
import { PolicyNotFound } from '../throttling.problems.js';

export const InvalidQuery = problem(400, 400, 'Bad Request', 'The Siddhi query is not valid: %s');
export const InvalidKeyTemplate = problem(400, 400, 'Bad Request', 'The key template is not valid: %s');
export const RuleExists = (name: string): Problem => AlreadyExists(`Custom rule with name ${name} already exists`);
/** Of the level that the product calls the rules by. */
export const RuleNotFound = (id: string): Problem => PolicyNotFound(id, 'global');
export const NotOfSuperTenant = (): Problem => Forbidden('You are not allowed to access this resource');
