import type { Api, ApiDetails, ApiOperation, ApiStatus, ProductMember, ProductUse } from '../../domain/api.js';
import { DuplicateResource, MemberKindUnsupported, MemberStateUnsupported } from './products.problems.js';

/** A resource that a product is to offer; one the API does not have is left out. */
export interface WantedResource extends Pick<ApiOperation, 'target' | 'verb'> {
  readonly apiId: string;
}

/** What a product takes from its members. */
export type ProductParts = Required<Pick<ApiDetails, 'operations' | 'scopes' | 'members'>>;

const keyOf = ({ target, verb }: Pick<ApiOperation, 'target' | 'verb'>): string => `${verb} ${target}`;

/** @throws DuplicateResource (400) where two are called alike: of one API or of two, a caller could not tell which is meant. */
export const refuseDuplicates = (wanted: readonly WantedResource[]): void => {
  const seen = new Set<string>();
  for (const resource of wanted) {
    if (seen.has(keyOf(resource))) throw DuplicateResource(resource.target, resource.verb);
    seen.add(keyOf(resource));
  }
};

const UNSUPPORTED: readonly ApiStatus[] = ['BLOCKED', 'PROTOTYPED', 'DEPRECATED', 'RETIRED'];
const AI_API = 'AIAPI';

/** @throws MemberKindUnsupported (400), MemberStateUnsupported (409). */
export const refuseUnfit = ({ status, details }: Pick<Api, 'status' | 'details'>): void => {
  if (details.subtypeConfiguration?.['subtype'] === AI_API) throw MemberKindUnsupported(AI_API);
  if (UNSUPPORTED.includes(status)) throw MemberStateUnsupported(status);
};

/** The operations, scopes and members of a product: those of the wanted resources that the members have, in the order in which they were asked for. */
export const partsOf = (
  wanted: readonly WantedResource[],
  apis: ReadonlyMap<string, Pick<Api, 'id' | 'name' | 'version' | 'details'>>,
): ProductParts => {
  const known = new Map(
    [...apis.values()].map(({ id, details }) => [id, new Map(details.operations.map((operation) => [keyOf(operation), operation]))]),
  );
  const operations = wanted.flatMap((resource) => {
    const operation = known.get(resource.apiId)?.get(keyOf(resource));
    return operation === undefined ? [] : [{ ...operation, apiId: resource.apiId }];
  });
  const members = new Map<string, ProductMember>();
  const named = new Set(operations.flatMap(({ scopes }) => scopes));
  const scopes = new Map<string, ApiDetails['scopes'][number]>();
  for (const { apiId } of operations) {
    const api = apis.get(apiId);
    if (api === undefined || members.has(apiId)) continue;
    members.set(apiId, { apiId, name: api.name, version: api.version });
    for (const scope of api.details.scopes) if (named.has(scope.name) && !scopes.has(scope.name)) scopes.set(scope.name, scope);
  }
  return { operations, scopes: [...scopes.values()], members: [...members.values()] };
};

/** What a product offers now, as it would be asked for again. */
export const resourcesOf = ({ operations }: Pick<ApiDetails, 'operations'>): readonly WantedResource[] =>
  operations.flatMap(({ apiId, target, verb }) => (apiId === undefined ? [] : [{ apiId, target, verb }]));

/** Those of the uses for which there is no operation any more. */
export const lostUses = (uses: readonly ProductUse[], operations: readonly ApiOperation[]): readonly ProductUse[] => {
  const left = new Set(operations.map(keyOf));
  return uses.filter((use) => !left.has(keyOf(use)));
};
