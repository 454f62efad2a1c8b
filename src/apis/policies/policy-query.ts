import { BadRequest } from '../../domain/problem.js';

/** Which policies are asked for; both match exactly. */
export interface PolicyFilter {
  readonly name?: string;
  readonly version?: string;
}

const TERM = /^(name|version):\s*"?([^"]*)"?$/;

/** Reads the query of the list, such as `name:addHeader&version:v3`; blanks separate as well. @throws BadRequest for anything else. */
export const policyFilterOf = (query: unknown): PolicyFilter => {
  if (query === undefined || query === '') return {};
  if (typeof query !== 'string' || query.includes('\0') || !query.isWellFormed())
    throw BadRequest('Invalid value for the query parameter query');
  const terms = query.split(/[&\s]+(?=\w+:)/).filter((term) => term.trim() !== '');
  return Object.fromEntries(
    terms.map((term) => {
      const [, modifier, value] = TERM.exec(term.trim()) ?? [];
      if (modifier === undefined || value === undefined) throw BadRequest('The query supports the modifiers name: and version: only');
      return [modifier, value.trim()];
    }),
  );
};
