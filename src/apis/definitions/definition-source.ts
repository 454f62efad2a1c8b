import { type Api, invocationPath } from '../../domain/api.js';
import type { DefinitionSource } from './definition.js';

/** What of an API its definition repeats. */
export const sourceOf = (api: Api): DefinitionSource => ({
  ...api.details,
  name: api.name,
  version: api.version,
  basePath: invocationPath(api),
});
