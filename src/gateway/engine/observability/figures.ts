import type { Exchange } from '../exchange.js';
import type { LinkedApi } from '../link.js';

/** Methods that have figures of their own; every other one counts as the last. */
export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'OTHER'] as const;
/** Classes of status codes; answers without one (the client went away before) count as the first. */
export const CLASSES = ['none', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;
/** Upper ends of the histograms' buckets, milliseconds; one more bucket is above them. */
export const BUCKETS_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const;
/** The gateway's own work is much shorter. */
export const OVERHEAD_BUCKETS_MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000] as const;

/** Where the parts of an API's figures begin. A histogram is its buckets, one above them, and the sum in milliseconds. */
export const COUNTS_AT = 0;
export const DURATIONS_AT = METHODS.length * CLASSES.length;
export const OVERHEADS_AT = DURATIONS_AT + BUCKETS_MS.length + 2;
export const FIGURES = OVERHEADS_AT + OVERHEAD_BUCKETS_MS.length + 2;

/** What happened at one API since the last report. */
export interface ApiFigures {
  readonly organization: string;
  readonly api: string;
  readonly version: string;
  readonly values: Float64Array;
}

class Held implements ApiFigures {
  readonly values = new Float64Array(FIGURES);
  isTouched = false;

  constructor(
    readonly organization: string,
    readonly api: string,
    readonly version: string,
  ) {}
}

const methodIndex = (method: string | undefined): number => {
  switch (method) {
    case 'GET':
      return 0;
    case 'POST':
      return 1;
    case 'PUT':
      return 2;
    case 'DELETE':
      return 3;
    case 'PATCH':
      return 4;
    case 'HEAD':
      return 5;
    case 'OPTIONS':
      return 6;
    default:
      return 7;
  }
};

/** Counts the requests of one worker by API, method and status class: additions in memory set aside beforehand. */
export class Figures {
  private readonly ofApis = new WeakMap<LinkedApi, Held>();
  /** Requests that named no API. */
  private readonly unmatched = new Held('', '', '');
  private touched: Held[] = [];
  private lastApi: LinkedApi | null = null;
  private lastHeld: Held = this.unmatched;

  record(exchange: Exchange, durationMs: number): void {
    const held = this.held(exchange.api);
    if (!held.isTouched) {
      held.isTouched = true;
      this.touched.push(held);
    }
    const { values } = held;
    const statusClass = exchange.status > 0 ? Math.floor(exchange.status / 100) : 0;
    add(values, COUNTS_AT + methodIndex(exchange.request.method) * CLASSES.length + (statusClass < CLASSES.length ? statusClass : 0), 1);
    observe(values, DURATIONS_AT, BUCKETS_MS, durationMs);
    const overheadMs = durationMs - exchange.backendMs;
    observe(values, OVERHEADS_AT, OVERHEAD_BUCKETS_MS, overheadMs > 0 ? overheadMs : 0);
  }

  /** Everything since the last call. */
  take(): readonly ApiFigures[] {
    const taken = this.touched.map(({ organization, api, version, values }) => ({ organization, api, version, values: values.slice() }));
    for (const held of this.touched) {
      held.values.fill(0);
      held.isTouched = false;
    }
    this.touched = [];
    return taken;
  }

  private held(api: LinkedApi | null): Held {
    if (api === this.lastApi) return this.lastHeld;
    let held = api === null ? this.unmatched : this.ofApis.get(api);
    if (held === undefined && api !== null) {
      held = new Held(api.organization, api.document.name, api.document.version);
      this.ofApis.set(api, held);
    }
    this.lastApi = api;
    this.lastHeld = held ?? this.unmatched;
    return this.lastHeld;
  }
}

const add = (values: Float64Array, at: number, amount: number): void => {
  values[at] = (values[at] ?? 0) + amount;
};

const observe = (values: Float64Array, at: number, bounds: readonly number[], ms: number): void => {
  let bucket = 0;
  while (bucket < bounds.length && ms > (bounds[bucket] ?? 0)) bucket += 1;
  add(values, at + bucket, 1);
  add(values, at + bounds.length + 1, ms);
};
