import type { Application } from './application.js';

/** What somebody wants with an application: use it, its keys and its subscriptions; change it or its keys; or have it for oneself, as to delete it. */
export type ApplicationRight = 'use' | 'edit' | 'own';

/** What of a user opens the applications of others (`reference/devportal.md` §5). */
export interface Standing {
  readonly groups: readonly string[];
  /** The external id of the user's consumer organization; empty without one. */
  readonly consumerOrganization: string;
}

export const NO_STANDING: Standing = { groups: [], consumerOrganization: '' };

/** The groups a claim names: texts separated by commas. */
export const groupsOf = (claim: string): readonly string[] => [
  ...new Set(
    claim
      .split(',')
      .map((group) => group.trim())
      .filter((group) => group !== ''),
  ),
];

/** Whether an application is open to a user who does not own it. */
export const isSharedWith = (
  { groups, visibility, consumerOrganization }: Pick<Application, 'groups' | 'visibility' | 'consumerOrganization'>,
  standing: Standing,
): boolean =>
  groups.some((group) => standing.groups.includes(group)) ||
  (visibility === 'SHARED_WITH_ORG' && consumerOrganization !== '' && consumerOrganization === standing.consumerOrganization);
