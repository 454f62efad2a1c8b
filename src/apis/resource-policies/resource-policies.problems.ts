import { NotFound } from '../../domain/problem.js';

export const ResourcePolicyNotFound = NotFound('Resource Policy');
