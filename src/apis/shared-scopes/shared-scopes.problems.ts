import { problem } from '../../domain/problem.js';

export const ScopeNameMissing = problem(400, 900983, 'Shared Scope name not specified', 'Shared Scope name not specified');
export const ScopeDisplayNameMissing = problem(
  400,
  900987,
  'Shared Scope display name not specified',
  'Shared Scope display name not specified',
);
export const ScopeExists = problem(409, 900984, 'Scope already exists', 'Scope %s already exists');
export const ScopeAttached = problem(409, 900985, 'Shared Scope already attached', 'Shared Scope %s is already used by one or more APIs');
