import type { ApiStatus } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { hasRole, isAdmin, type User } from '../../domain/user.js';
import { type Membership, openingWords } from '../../identity/consumer-organizations/membership.js';
import type { SearchTerm } from '../api-query.js';
import { condition, type Parameters, propertyCondition } from '../apis.queries.js';
import { isWords, type Sight } from '../search/sight.js';
import { textsCondition } from '../search/word-conditions.js';

/** Who looks at which tenant's portal; a guest has no caller. */
export interface Viewer {
  readonly organization: string;
  readonly caller: User | undefined;
}

const PUBLISHER_ROLE = 'Internal/publisher';

/** What lists and searches of the developer portal show somebody (`reference/devportal.md` §1, §2): of the APIs in these states what visibility and consumer organizations leave open. */
export const portalSight = (viewer: Viewer, membership: Membership, statuses: readonly ApiStatus[]): Sight => ({
  organization: viewer.organization,
  apis: (parameters, organization) => [
    ...inAudiences([...openByVisibility(viewer, parameters), ...openByOrganization(membership, parameters)], organization),
    `status = ANY (${parameters.next(statuses)}::text[])`,
  ],
  term: (term, parameters, organization) => termCondition(viewer, term, parameters, organization),
  texts: (terms, parameters, organization) => textConditions(viewer, terms, parameters, organization),
});

/** The condition on `apis` that visibility alone sets, whatever the state and the consumer organization. */
export const visibleTo = (viewer: Viewer, parameters: Parameters, organization: string): readonly string[] =>
  inAudiences(openByVisibility(viewer, parameters), organization);

/** Who sees what is decided once for each audience, of which there are few, and not for each API. */
const inAudiences = (conditions: readonly string[], organization: string): readonly string[] =>
  conditions.length === 0
    ? []
    : [
        `audience IN (SELECT seen.id FROM api_audiences AS seen WHERE ${[`seen.organization = ${organization}`, ...conditions].join(' AND ')})`,
      ];

/** Guests and other tenants see public APIs; members what is public, private or open to one of their roles; publishers everything. */
const openByVisibility = ({ organization, caller }: Viewer, parameters: Parameters): readonly string[] => {
  if (caller === undefined || caller.organization !== organization) return ["seen.visibility = 'PUBLIC'"];
  if (isAdmin(caller) || hasRole(caller, PUBLISHER_ROLE)) return [];
  const roles = parameters.next(caller.roles.map((role) => role.toLowerCase()));
  return [`(seen.visibility <> 'RESTRICTED' OR seen.roles && ${roles}::text[])`];
};

/** What consumer organizations leave open to the viewer. */
const openByOrganization = (membership: Membership, parameters: Parameters): readonly string[] => {
  const words = openingWords(membership);
  return words === undefined ? [] : [`seen.organizations ?| ${parameters.next(words)}::text[]`];
};

/** As in the publisher, but states cannot be searched for, and only what the viewer may read counts: the custom properties the portal shows, the words of documents that are open. */
const termCondition = (viewer: Viewer, term: SearchTerm, parameters: Parameters, organization: string): string => {
  if (isWords(term)) {
    const found = [`texts.organization = ${organization}`, ...textConditions(viewer, [term], parameters, organization)].join(' AND ');
    return `id IN (SELECT texts.api_id FROM search_texts AS texts WHERE ${found})`;
  }
  if (term.field !== 'property' && term.field !== 'status') return condition(term, parameters, organization);
  return propertyCondition(term.field === 'status' ? 'status' : term.property, term.values, 'y', parameters);
};

const textConditions = (viewer: Viewer, terms: readonly SearchTerm[], parameters: Parameters, organization: string): readonly string[] => [
  ...terms.map((term) => textsCondition(term, organization, (value) => parameters.next(value), 'shown')),
  ...readableDocuments(viewer, parameters),
];

/** Of the documents those that `DocumentReads` lets the viewer read. */
const readableDocuments = ({ organization, caller }: Viewer, parameters: Parameters): readonly string[] => {
  const isMember = caller?.organization === organization;
  if (caller !== undefined && isMember && isAdmin(caller)) return [];
  const open =
    caller !== undefined && isMember
      ? `document.visibility <> 'OWNER_ONLY' OR document.created_by = ${parameters.next(shownName(caller))}`
      : "document.visibility = 'API_LEVEL'";
  return [`(texts.kind <> 'DOC' OR EXISTS (SELECT 1 FROM api_documents AS document WHERE document.id = texts.id AND (${open})))`];
};
