import { problem } from '../domain/problem.js';

/** Who may not decide for the whole server. */
export const InvalidPermission = problem(403, 900915, 'Invalid Permission', ' You are not authorized to access the resource.');
