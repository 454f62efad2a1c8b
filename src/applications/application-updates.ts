import type { Application } from '../domain/application.js';
import type { AttributeUpdate, WorkflowProperties } from '../workflows/workflow.entity.js';
import type { SettledContent } from './application-checks.js';
import { ownerOf } from './applications.mapper.js';

/** What an approver is shown of an application (`reference/admin.md` §6). */
export const applicationProperties = (application: Application): WorkflowProperties => ({
  applicationName: application.name,
  applicationTier: application.throttlingPolicy,
  applicationDescription: application.description,
  applicationOwner: ownerOf(application),
  tenantDomain: application.organization,
  groupId: application.groups.join(','),
  sharedOrganization: application.consumerOrganization,
});

/** What the content would change of the application, by the names that approvers read. */
export const updatesOf = (current: SettledContent, wanted: SettledContent): readonly AttributeUpdate[] => {
  const [before, after] = [facts(current), facts(wanted)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((attributeName) => ({ attributeName, current: before.get(attributeName) ?? '', expected: after.get(attributeName) ?? '' }))
    .filter((update) => update.current !== update.expected);
};

const facts = (content: SettledContent): ReadonlyMap<string, string> =>
  new Map([
    // First, so that no attribute of the installation's own hides one of the application's.
    ...Object.entries(content.attributes),
    ['Application Name', content.name],
    ['Tier', content.throttlingPolicy],
    ['Description', content.description],
    ['Groups', [...content.groups].sort().join(',')],
    ['Sharing with the organization', sharingOf(content)],
  ]);

/** The consumer organization where there is one to share with. */
const sharingOf = ({ visibility, consumerOrganization }: SettledContent): string =>
  visibility === 'PRIVATE' ? visibility : consumerOrganization || visibility;
