import { parseUserName } from '../../domain/organization.js';
import { type JsonObject, textAt } from '../definitions/json-document.js';

/** What only the installation that wrote the archive could know. */
const LOCAL: ReadonlySet<string> = new Set([
  'id',
  'createdTime',
  'lastUpdatedTime',
  'lastUpdatedTimestamp',
  'workflowStatus',
  'isRevision',
  'revisionId',
  'revisionedApiId',
  'revisionedApiProductId',
  'hasThumbnail',
]);

/** The object of an API or a product in an archive without what only its own installation knows, and with a context that fits the tenant it comes to. */
export const portableObject = (data: JsonObject, organization: string): JsonObject => ({
  ...Object.fromEntries(Object.entries(data).filter(([property]) => !LOCAL.has(property))),
  ...contextOf(data, organization),
});

/** Archives carry the prefix of the tenant they were made in. */
const contextOf = (data: JsonObject, organization: string): JsonObject => {
  const context = textAt(data, 'context');
  const { organization: origin } = parseUserName(textAt(data, 'provider') ?? '');
  const prefix = `/t/${origin}/`;
  return context?.startsWith(prefix) && origin !== organization ? { context: context.slice(prefix.length - 1) } : {};
};
