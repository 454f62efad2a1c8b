import type { ApiStatus } from './api.js';

export const LIFECYCLE_ACTIONS = [
  'Publish',
  'Deploy as a Prototype',
  'Demote to Created',
  'Block',
  'Deprecate',
  'Re-Publish',
  'Retire',
] as const;
export type LifecycleAction = (typeof LIFECYCLE_ACTIONS)[number];

/** What an action does to an API in some state. One that is not `listed` is accepted but not offered to people. */
export interface Transition {
  readonly action: LifecycleAction;
  readonly target: ApiStatus;
  readonly listed: boolean;
}

const offered = (action: LifecycleAction, target: ApiStatus): Transition => ({ action, target, listed: true });
const accepted = (action: LifecycleAction, target: ApiStatus): Transition => ({ action, target, listed: false });

/** The default graph (`reference/publisher.md` §4), in the order in which the wire lists it. */
const TRANSITIONS: Readonly<Record<ApiStatus, readonly Transition[]>> = {
  CREATED: [offered('Publish', 'PUBLISHED'), offered('Deploy as a Prototype', 'PROTOTYPED')],
  PROTOTYPED: [offered('Publish', 'PUBLISHED'), offered('Demote to Created', 'CREATED'), accepted('Deploy as a Prototype', 'PROTOTYPED')],
  PUBLISHED: [
    offered('Block', 'BLOCKED'),
    offered('Deploy as a Prototype', 'PROTOTYPED'),
    offered('Demote to Created', 'CREATED'),
    offered('Deprecate', 'DEPRECATED'),
    accepted('Publish', 'PUBLISHED'),
  ],
  BLOCKED: [offered('Deprecate', 'DEPRECATED'), offered('Re-Publish', 'PUBLISHED')],
  DEPRECATED: [offered('Retire', 'RETIRED')],
  RETIRED: [],
};

/** The transitions a person may choose from. */
export const transitionsFrom = (state: ApiStatus): readonly Transition[] => TRANSITIONS[state].filter(({ listed }) => listed);

/** The state the action leads to, or undefined when the state does not know the action. */
export const nextState = (state: ApiStatus, action: string): ApiStatus | undefined =>
  TRANSITIONS[state].find((transition) => transition.action === action)?.target;

/** A state as the lifecycle operations spell it: `PUBLISHED` is `Published`. */
export const titleOf = (state: ApiStatus): string => `${state.charAt(0)}${state.slice(1).toLowerCase()}`;

/** The choices a publisher has beside the action, by their texts on the wire. */
export const CHECK_ITEMS = {
  deprecateOlder: 'Deprecate old versions after publishing the API',
  requireResubscription: 'Requires re-subscription when publishing the API',
} as const;

export interface Checklist {
  /** Published versions below this one become deprecated. */
  readonly deprecateOlder: boolean;
  /** Subscriptions to older versions are not carried over. */
  readonly requireResubscription: boolean;
}

/** The check items of a state; only the first two states have some. */
export const checkItemsOf = (state: ApiStatus): readonly string[] =>
  state === 'CREATED' || state === 'PROTOTYPED' ? Object.values(CHECK_ITEMS) : [];

/** Reads `name:true,name:false`; what is not named is false, unknown names are ignored. */
export const parseChecklist = (text: string): Checklist => {
  const ticked = new Set(
    text
      .split(',')
      .filter((item) => /:\s*true\s*$/i.test(item))
      .map((item) => item.slice(0, item.lastIndexOf(':')).trim()),
  );
  return { deprecateOlder: ticked.has(CHECK_ITEMS.deprecateOlder), requireResubscription: ticked.has(CHECK_ITEMS.requireResubscription) };
};

/** States whose APIs the developer portal refuses by id with 403. */
export const isHiddenFromPortal = (state: ApiStatus): boolean => state === 'CREATED' || state === 'RETIRED';

/** Entering these states takes an API off the gateways. */
export const undeploysIn = (state: ApiStatus): boolean => state === 'CREATED' || state === 'RETIRED';

/**
 * Orders version strings: numeric parts by value, others by letter, a longer one after its own beginning (`1.2` < `1.10` < `1.10.1`, `v9` < `v10`).
 * Negative when the first is lower.
 */
export const compareVersions = (a: string, b: string): number => {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = comparePart(left[at], right[at]);
    if (difference !== 0) return difference;
  }
  return 0;
};

const partsOf = (version: string): readonly string[] => version.toLowerCase().match(/\d+|[a-z]+/g) ?? [];

const comparePart = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  const [left, right] = [Number(a), Number(b)];
  if (Number.isNaN(left) || Number.isNaN(right)) return a < b ? -1 : a > b ? 1 : 0;
  return left - right;
};
