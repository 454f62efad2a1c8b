import type { Counted, Limit } from './limits.js';

const NONE: readonly Limit[] = [];

/** The limits that hold for a request, in the order of the checks. */
export class RequestLimits {
  /** Those a request has to pass. */
  readonly checked: readonly Limit[];
  /** Of these, the ones that count its bytes. */
  readonly bytes: readonly Limit[];
  /** Of these, the ones that count the tokens of an AI model, which are charged when its answer is known. */
  readonly tokens: readonly Limit[];
  /** Those that the events of a stream have to pass: they are no requests. */
  readonly events: readonly Limit[];

  constructor(
    /** Of API or resource, subscription and application. */
    private readonly callers: readonly Limit[],
    /** Of the backend: they are checked last. */
    private readonly backend: readonly Limit[] = NONE,
  ) {
    this.checked = join(without(callers, isOfEvents), backend);
    this.bytes = only(this.checked, ({ counts }) => counts === 'bytes');
    this.tokens = only(this.checked, ({ counts }) => isOfTokens(counts));
    this.events = only(callers, isOfEvents);
  }

  /** The same with others in front. */
  after(first: readonly Limit[]): RequestLimits {
    return new RequestLimits(join(first, this.callers), this.backend);
  }

  /** The same with others between those of the application and of the backend. */
  with(custom: readonly Limit[]): RequestLimits {
    return custom.length === 0 ? this : new RequestLimits(join(this.callers, custom), this.backend);
  }
}

const isOfEvents = ({ counts }: Limit): boolean => counts === 'events';
const isOfTokens = (counts: Counted): boolean => counts === 'promptTokens' || counts === 'completionTokens' || counts === 'totalTokens';

/** Most callers have no limits of a kind: they share one list. */
const only = (limits: readonly Limit[], is: (limit: Limit) => boolean): readonly Limit[] => (limits.some(is) ? limits.filter(is) : NONE);
const without = (limits: readonly Limit[], is: (limit: Limit) => boolean): readonly Limit[] =>
  limits.some(is) ? limits.filter((limit) => !is(limit)) : limits;
const join = (first: readonly Limit[], second: readonly Limit[]): readonly Limit[] => {
  if (second.length === 0) return first;
  return first.length === 0 ? second : [...first, ...second];
};

export const NO_LIMITS = new RequestLimits(NONE);
