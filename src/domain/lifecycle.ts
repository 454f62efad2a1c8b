import type { ApiKind, ApiStatus } from './api.js';

/** The actions of the default graph; a tenant's own graph may have others. */
export const LIFECYCLE_ACTIONS = [
  'Publish',
  'Deploy as a Prototype',
  'Demote to Created',
  'Block',
  'Deprecate',
  'Re-Publish',
  'Retire',
] as const;

/** What an action does to an API in some state. */
export interface Transition {
  readonly action: string;
  /** Name of the state it leads to. */
  readonly target: string;
}

export interface LifecycleState {
  /** As the lifecycle operations spell it; the API object has it in upper case. */
  readonly name: string;
  readonly checkItems: readonly string[];
  /** In the order in which the wire lists them. */
  readonly transitions: readonly Transition[];
}

/** A graph of states and actions: the default one, or what a tenant configured in its place. */
export type Lifecycle = readonly LifecycleState[];

/** The choices a publisher has beside the action, by their texts on the wire. */
export const CHECK_ITEMS = {
  deprecateOlder: 'Deprecate old versions after publishing the API',
  requireResubscription: 'Requires re-subscription when publishing the API',
} as const;

const state = (name: string, actions: Readonly<Record<string, string>>, checkItems: readonly string[] = []): LifecycleState => ({
  name,
  checkItems,
  transitions: Object.entries(actions).map(([action, target]) => ({ action, target })),
});

/** The graph of a tenant that has none of its own (`reference/publisher.md` §4). */
export const DEFAULT_LIFECYCLE: Lifecycle = [
  state('Created', { Publish: 'Published', 'Deploy as a Prototype': 'Prototyped' }, Object.values(CHECK_ITEMS)),
  state(
    'Prototyped',
    { Publish: 'Published', 'Demote to Created': 'Created', 'Deploy as a Prototype': 'Prototyped' },
    Object.values(CHECK_ITEMS),
  ),
  state('Published', {
    Block: 'Blocked',
    'Deploy as a Prototype': 'Prototyped',
    'Demote to Created': 'Created',
    Deprecate: 'Deprecated',
    Publish: 'Published',
  }),
  state('Blocked', { Deprecate: 'Deprecated', 'Re-Publish': 'Published' }),
  state('Deprecated', { Retire: 'Retired' }),
  state('Retired', {}),
];

/** The text of a state on the API object: its name in upper case. */
export const statusOf = (name: string): ApiStatus => name.toUpperCase();

const stateOf = (lifecycle: Lifecycle, status: ApiStatus): LifecycleState | undefined =>
  lifecycle.find(({ name }) => statusOf(name) === status);

/** The transitions a person may choose from: one that leads back to its own state is accepted but not offered. */
export const transitionsFrom = (lifecycle: Lifecycle, status: ApiStatus): readonly Transition[] =>
  (stateOf(lifecycle, status)?.transitions ?? []).filter(({ target }) => statusOf(target) !== status);

/** The state the action leads to, or undefined when the state does not know the action. */
export const nextState = (lifecycle: Lifecycle, status: ApiStatus, action: string): ApiStatus | undefined => {
  const transition = stateOf(lifecycle, status)?.transitions.find((known) => known.action === action);
  return transition && statusOf(transition.target);
};

/** The shortest way from one state to another, as the transitions to go; undefined where none leads there. */
export const pathTo = (lifecycle: Lifecycle, from: ApiStatus, to: ApiStatus): readonly Transition[] | undefined => {
  const reached = new Map<ApiStatus, readonly Transition[]>([[from, []]]);
  for (const [status, path] of reached) {
    if (status === to) return path;
    for (const transition of transitionsFrom(lifecycle, status)) {
      const target = statusOf(transition.target);
      if (!reached.has(target)) reached.set(target, [...path, transition]);
    }
  }
  return undefined;
};

/** A state as the lifecycle operations spell it: `PUBLISHED` is `Published`, one of a tenant's own graph as written there. */
export const titleOf = (lifecycle: Lifecycle, status: ApiStatus): string =>
  stateOf(lifecycle, status)?.name ?? `${status.charAt(0)}${status.slice(1).toLowerCase()}`;

export interface Checklist {
  /** Published versions below this one become deprecated. */
  readonly deprecateOlder: boolean;
  /** Subscriptions to older versions are not carried over. */
  readonly requireResubscription: boolean;
}

const KNOWN_ITEMS: readonly string[] = Object.values(CHECK_ITEMS);
/** The two known texts speak of an API; of a product they end in `API Product`. */
const worded = (item: string, kind: ApiKind): string => (kind === 'product' && KNOWN_ITEMS.includes(item) ? `${item} Product` : item);

/** The check items of a state, in the words for an API or a product. */
export const checkItemsOf = (lifecycle: Lifecycle, status: ApiStatus, kind: ApiKind): readonly string[] =>
  (stateOf(lifecycle, status)?.checkItems ?? []).map((item) => worded(item, kind));

/** Reads `name:true,name:false`; what is not named is false, unknown names are ignored. */
export const parseChecklist = (text: string): Checklist => {
  const ticked = new Set(
    text
      .split(',')
      .filter((item) => /:\s*true\s*$/i.test(item))
      .map((item) => item.slice(0, item.lastIndexOf(':')).trim()),
  );
  const isTicked = (item: string) => ticked.has(item) || ticked.has(worded(item, 'product'));
  return { deprecateOlder: isTicked(CHECK_ITEMS.deprecateOlder), requireResubscription: isTicked(CHECK_ITEMS.requireResubscription) };
};

/** Whether a change of state publishes the version, as opposed to letting one that was blocked go on. */
export const isPublication = (from: ApiStatus, to: ApiStatus): boolean => to === 'PUBLISHED' && from !== 'PUBLISHED' && from !== 'BLOCKED';

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
