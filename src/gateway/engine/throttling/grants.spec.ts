import fc from 'fast-check';
import { VerifiedToken } from '../credentials/tokens.js';
import { apiDocument, apiRow, operation, row, TENANT } from '../engine.fixture.js';
import type { LinkedApi, Operation } from '../link.js';
import { Snapshot } from '../snapshot.js';
import { policy } from '../throttling.fixture.js';
import { CounterTable, createCounterTable } from './counters.js';
import { Grants } from './grants.js';
import { chargeAll } from './limits.js';
import { RequestLimits } from './request-limits.js';

/**
 * Requests of several users of several applications against policies of every level, which change meanwhile, compared with a model that keeps every
 * request that passed and adds up what it needs.
 */

const NOON = Date.UTC(2026, 4, 4, 12);
const UNITS = { sec: 1_000, min: 60_000, hour: 3_600_000 } as const;

interface Quota {
  readonly isBytes: boolean;
  readonly count: number;
  readonly timeUnit: keyof typeof UNITS;
  readonly unitTime: number;
}
interface Policy {
  readonly quota: Quota;
  readonly burst: { readonly count: number; readonly timeUnit: 'sec' | 'min' } | null;
  readonly stops: boolean;
}
interface Request {
  readonly afterMs: number;
  readonly application: number;
  readonly user: number;
  readonly operation: number;
  readonly bytes: number;
  /** A policy that gets another count before it, by its place among all. */
  readonly change: { readonly policy: number; readonly count: number } | null;
}

const POLICIES = ['advanced:A', 'advanced:B', 'subscription:P', 'subscription:Q', 'application:X', 'application:Y'] as const;
type PolicyKey = (typeof POLICIES)[number];
/** By application. */
const PLANS = ['subscription:P', 'subscription:Q'] as const;
const APPLICATIONS = ['application:X', 'application:Y'] as const;
/** By operation; the last one has none. */
const OPERATIONS = ['advanced:A', 'advanced:B', null] as const;

const quotas = fc.record({
  isBytes: fc.boolean(),
  count: fc.integer({ min: 0, max: 6 }),
  timeUnit: fc.constantFrom<keyof typeof UNITS>('sec', 'min', 'hour'),
  unitTime: fc.integer({ min: 1, max: 3 }),
});
const bursts = fc.option(fc.record({ count: fc.integer({ min: 1, max: 4 }), timeUnit: fc.constantFrom<'sec' | 'min'>('sec', 'min') }));
const policies = fc.record({ quota: quotas, burst: bursts, stops: fc.boolean() });
const requests = fc.record({
  afterMs: fc.oneof(fc.nat(400), fc.nat(90_000)),
  application: fc.nat(1),
  user: fc.nat(1),
  operation: fc.nat(2),
  bytes: fc.nat(1_500),
  change: fc.option(fc.record({ policy: fc.nat(POLICIES.length - 1), count: fc.integer({ min: 0, max: 9 }) }), { freq: 6 }),
});

class Gateway {
  private readonly snapshot: Snapshot;
  private readonly grants: Grants;
  private readonly api: LinkedApi;
  private readonly tokens = new Map<string, VerifiedToken>();

  constructor(given: readonly Policy[], apiPolicy: boolean, backendMax: number) {
    const table = new CounterTable(createCounterTable({ slots: 1 << 14, segments: 2, seed: [7, 11] }));
    const document = apiDocument('http://backend', {
      apiThrottlingPolicy: apiPolicy ? 'A' : null,
      backendLimits: { production: { windowMs: UNITS.min, requests: backendMax } },
      operations: OPERATIONS.map((_, i) => operation('GET', `/${i}`)),
    });
    const operations: Operation[] = [];
    // What grants look at of an API and its operations.
    this.api = {
      organization: TENANT,
      key: 'pizza:Default',
      document,
      operations,
      throttlingPolicy: apiPolicy ? 'A' : null,
    } as unknown as LinkedApi;
    OPERATIONS.forEach((named, i) => {
      const throttlingPolicy = named?.slice('advanced:'.length) ?? null;
      operations.push({ api: this.api, method: 'GET', target: `/${i}`, throttlingPolicy } as unknown as Operation);
    });
    this.snapshot = new Snapshot(
      {
        labels: ['Default'],
        link: () => this.api,
        linkPolicy: (each) => ({ document: each, groups: [] }),
        logApi: () => undefined,
        applyRule: () => undefined,
        checkPolicies: () => undefined,
      },
      {
        ack: () => undefined,
        warn: () => undefined,
        keyManagerChanged: () => undefined,
        correlationChanged: () => undefined,
        trustChanged: () => undefined,
      },
    );
    this.grants = new Grants(this.snapshot, table);
    this.snapshot.apply(apiRow('http://backend'));
    for (const [i, each] of given.entries()) this.change(POLICIES[i] ?? 'advanced:A', each);
    for (const [i, plan] of PLANS.entries()) {
      const id = `app-${i}`;
      const name = APPLICATIONS[i]?.slice('application:'.length) ?? '';
      for (const each of [
        row('application', id, { uuid: id, id: i, name: id, owner: 'admin', policy: name, organization: TENANT }),
        row('key-mapping', `Resident:key-${i}`, {
          consumerKey: `key-${i}`,
          keyManager: 'Resident',
          applicationId: id,
          keyType: 'PRODUCTION',
        }),
        row('subscription', `sub-${i}`, {
          subscriptionId: `sub-${i}`,
          apiId: 'pizza',
          applicationId: id,
          policy: plan.slice('subscription:'.length),
          state: 'UNBLOCKED',
        }),
      ])
        this.snapshot.apply(each);
    }
  }

  change(key: PolicyKey, { quota, burst, stops }: Policy): void {
    const [level, name = ''] = key.split(':');
    const { isBytes, count, timeUnit, unitTime } = quota;
    const type = isBytes ? 'BANDWIDTHLIMIT' : 'REQUESTCOUNTLIMIT';
    this.snapshot.apply(policy(level as 'advanced', name, { type, count, timeUnit, unitTime, dataUnit: 'KB' }, burst, stops));
  }

  /** What is in the way of a request, by its name; undefined when it passed. */
  call({ application, user, operation: at, bytes }: Request, now: number): string | undefined {
    const grant = this.grants.forToken(this.token(application, user), this.api);
    const limits = this.grants.limits(grant, this.api.operations[at] as Operation);
    expect(limits).toBeInstanceOf(RequestLimits);
    const reached = chargeAll((limits as RequestLimits).checked, now, bytes);
    return reached === undefined || reached.isLenient ? undefined : reached.refusal.name;
  }

  private token(application: number, user: number): VerifiedToken {
    const name = `${application}:${user}`;
    const keyManager = { document: { name: 'Resident' } } as VerifiedToken['keyManager']; // its name is all that is looked at
    const token =
      this.tokens.get(name) ??
      new VerifiedToken(name, keyManager, `key-${application}`, `user-${user}`, name, name, 0, Number.POSITIVE_INFINITY, [], []);
    this.tokens.set(name, token);
    return token;
  }
}

class Model {
  private readonly passed: { readonly at: number; readonly counters: readonly string[]; readonly bytes: number }[] = [];

  constructor(
    private readonly policies: Policy[],
    private readonly apiPolicy: boolean,
    private readonly backendMax: number,
  ) {}

  change(at: number, changed: Policy): void {
    this.policies[at] = changed;
  }

  call(request: Request, now: number): string | undefined {
    const limits = this.limits(request);
    const reached = limits.find(
      ({ isStrict, counter, max, windowMs, isBytes }) => isStrict && this.count(counter, windowMs, isBytes, now) >= max,
    );
    if (reached === undefined) this.passed.push({ at: now, counters: limits.map(({ counter }) => counter), bytes: request.bytes });
    return reached?.name;
  }

  private limits({ application, user, operation: at }: Request) {
    const advanced = this.apiPolicy ? 'advanced:A' : OPERATIONS[at];
    return [
      ...(advanced ? this.of(advanced, this.apiPolicy ? 'api' : `operation ${at}`, this.apiPolicy ? 'api' : 'resource') : []),
      ...this.of(PLANS[application] ?? 'subscription:P', `application ${application}`, 'subscription'),
      ...this.of(APPLICATIONS[application] ?? 'application:X', `application ${application} user ${user}`, 'application'),
      { name: 'backend', counter: 'backend', max: this.backendMax, windowMs: UNITS.min, isBytes: false, isStrict: true },
    ];
  }

  private of(key: PolicyKey, counted: string, name: string) {
    const { quota, burst, stops } = this.policies[POLICIES.indexOf(key)] as Policy;
    // Only a plan may let requests go on, and an advanced policy has no burst.
    const isStrict = stops || name !== 'subscription';
    const windowMs = UNITS[quota.timeUnit] * quota.unitTime;
    const counter = `${name} ${counted} ${quota.isBytes}`;
    const max = quota.count * (quota.isBytes ? 1_024 : 1);
    const own = { name, counter, max, windowMs, isBytes: quota.isBytes, isStrict };
    if (burst === null || name === 'api' || name === 'resource') return [own];
    const short = { name: `${name}-burst`, counter: `${name} burst ${counted}`, max: burst.count, windowMs: UNITS[burst.timeUnit] };
    return [own, { ...short, isBytes: false, isStrict }];
  }

  private count(counter: string, windowMs: number, isBytes: boolean, now: number): number {
    return this.passed
      .filter(({ at, counters }) => Math.floor(at / windowMs) === Math.floor(now / windowMs) && counters.includes(counter))
      .reduce((sum, { bytes }) => sum + (isBytes ? bytes : 1), 0);
  }
}

it('lets through what adds up, at every level, while policies change', () => {
  fc.assert(
    fc.property(
      fc.array(policies, { minLength: POLICIES.length, maxLength: POLICIES.length }),
      fc.boolean(),
      fc.integer({ min: 1, max: 30 }),
      fc.array(requests, { maxLength: 60 }),
      (given, apiPolicy, backendMax, arrivals) => {
        const gateway = new Gateway(given, apiPolicy, backendMax);
        const model = new Model([...given], apiPolicy, backendMax);
        const now = { ...given };
        let at = NOON;
        for (const request of arrivals) {
          at += request.afterMs;
          if (request.change !== null) {
            const before = now[request.change.policy] as Policy;
            const changed = { ...before, quota: { ...before.quota, count: request.change.count } };
            now[request.change.policy] = changed;
            gateway.change(POLICIES[request.change.policy] ?? 'advanced:A', changed);
            model.change(request.change.policy, changed);
          }
          expect(gateway.call(request, at)).toBe(model.call(request, at));
        }
      },
    ),
    { numRuns: 300 },
  );
});
