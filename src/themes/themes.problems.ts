import { BadRequest, problem } from '../domain/problem.js';

export const ThemeNotDrafted = problem(404, 901707, 'ID cannot be found in drafted state', 'ID cannot be found in drafted state');
export const ThemeNotPublished = problem(404, 901708, 'ID cannot be found in published state', 'ID cannot be found in published state');
export const ThemeOfSomethingElse = problem(400, 901709, 'User does not use the theme', 'User does not use the theme');
export const NoTheme = problem(
  404,
  901710,
  'User does not have any drafted or published themes',
  'User does not have any drafted or published themes',
);
export const ThemeActionMissing = () => BadRequest('The action is PUBLISH or UNPUBLISH.');
/** The text says what is wrong with the archive. */
export const UnusableTheme = BadRequest;

/** As the product says it with 500; what is wrong with an archive is the caller's to mend. */
export const TenantThemeUnusable = problem(400, 901700, 'Failed to import tenant theme of tenant %s', '%s');
export const SuperTenantHasNoTheme = problem(
  400,
  901702,
  'Super Tenant not allowed to import tenant theme',
  'Super Tenant %s is not allowed to import a tenant theme',
);
export const TenantThemeNotFound = problem(404, 404, 'Not Found', 'The tenant %s has no theme');
