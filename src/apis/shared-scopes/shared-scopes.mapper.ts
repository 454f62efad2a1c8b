import { tenantContext } from '../../domain/organization.js';
import type { ScopeDto } from '../dto/api-operations.dto.js';
import type { SharedScopeUsageDto } from './shared-scopes.dto.js';
import type { SharedScope, SharedScopeUse } from './shared-scopes.queries.js';

export const toScopeDto = ({ id, name, displayName, description, roles, usageCount }: SharedScope): ScopeDto => ({
  id,
  name,
  displayName,
  description,
  bindings: [...roles],
  usageCount,
});

/** The same uses in both forms: clients read the newer one or the older one. */
export const toUsageDto = ({ id, name }: SharedScope, uses: readonly SharedScopeUse[]): SharedScopeUsageDto => ({
  id,
  name,
  usedApiList: uses.map((use) => ({ ...apiOf(use), revisionID: revisionOf(use), usedResourceList: [...use.operations] })),
  usages: uses.map((use) => ({ ...apiOf(use), revisionId: revisionOf(use), type: use.type, usedResourceList: [...use.operations] })),
});

const apiOf = ({ organization, name, context, version, provider }: SharedScopeUse) => ({
  name,
  context: tenantContext(organization, context),
  version,
  provider,
});

const revisionOf = ({ revision }: SharedScopeUse): string => (revision === null ? '' : `Revision ${revision}`);
