import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { UsageLedger } from '../../src/apis/monetization/usage-ledger.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type GivenApi, type GivenApplication, given } from '../support/given.js';
import { configure } from '../support/tenant-config.js';

interface Job {
  readonly state: string;
  readonly status?: string;
  readonly startedTime?: string;
  readonly lastPublsihedTime?: string;
}

interface Facts {
  readonly properties: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;
const ACCEPTED = { status: 'Request Accepted', message: 'Server is running the usage publisher' };
const RUNNING = { status: 'Server could not accept the request', message: 'A job is already running' };

const publish = (by: Actor) => by.admin('POST /monetization/publish-usage');
const status = async (by: Actor) => expected(await by.admin<Job>('GET /monetization/publish-usage/status'), 200);
/** Runs the job and waits for its end. */
const published = async (by: Actor): Promise<Job> => {
  expect(await publish(by)).toMatchObject({ status: 202, body: ACCEPTED });
  return eventually(
    () => status(by),
    ({ state }) => state === 'COMPLETED',
  );
};

/** A plan of the tenant that costs something. */
const plan = async (by: Actor, policyName: string, monetizationPlan: string, properties: Body): Promise<void> => {
  const body = {
    ...{ policyName, stopOnQuotaReach: true, billingPlan: 'COMMERCIAL', monetization: { monetizationPlan, properties } },
    defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1000 } },
  };
  expected(await by.admin('POST /throttling/policies/subscription', { body }), 201);
};

/** A tenant that sells an API by the request and at a flat rate, with a subscriber of either plan. */
const shop = async () => {
  const { admin, domain } = await given.organization();
  await configure(admin, { EnableMonetization: true });
  await plan(admin, 'Metered', 'DYNAMICRATE', { pricePerRequest: '0.05', currencyType: 'CHF', billingCycle: 'month' });
  await plan(admin, 'Flat', 'FIXEDRATE', { fixedPrice: '19.90', currencyType: 'CHF', billingCycle: 'month' });
  const api = await given.api({ by: admin, policies: ['Metered', 'Flat'] });
  const path = { apiId: api.id };
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { ...path, action: 'Publish' } }), 200);
  const properties = { ConnectedAccountKey: 'acct_1' };
  expected(await admin.publisher('POST /apis/{apiId}/monetize', { path, body: { enabled: true, properties } }), 200);
  const [metered, flat] = [await given.application(admin), await given.application(admin)];
  const { subscriptionId } = await given.subscription(api, metered, { by: admin, policy: 'Metered' });
  await given.subscription(api, flat, { by: admin, policy: 'Flat' });
  await begun(domain, 10);
  return { admin, domain, api, metered, flat, subscriptionId };
};

/** As if the tenant's subscriptions of now had been made so many days ago. */
const begun = (domain: string, daysAgo: number) =>
  withDatabase((database) =>
    database.query(
      `UPDATE subscription_periods SET began_at = date_trunc('minute', now() - $2 * interval '1 day') WHERE organization = $1 AND ended_at IS NULL`,
      [domain, daysAgo],
    ),
  );

/** As a gateway reports it: ten requests, of which one was throttled and two were refused. */
const used = (domain: string, api: GivenApi, { applicationId }: GivenApplication, daysAgo = 0) =>
  withDatabase((database) =>
    database.query(
      `INSERT INTO usage_minutes (minute, organization, environment, api_id, revision_id, method, target, application_id, key_type, hits, status_1xx, status_2xx,
         status_3xx, status_4xx, status_5xx, throttled, refused, faults, aborted, latency_ms, latency_max_ms, backend_latency_ms, backend_hits)
       VALUES (date_trunc('minute', now() - $5 * interval '1 day'), $1, 'Default', $2, $3, 'GET', '/*', $4, 'PRODUCTION', 10, 0, 7, 0, 3, 0, 1, 2, 0, 0, 1, 1, 1, 7)`,
      [domain, api.id, randomUUID(), applicationId, daysAgo],
    ),
  );

const reported = (domain: string) =>
  withDatabase(async (database) => {
    const { rows } = await database.query(
      `SELECT subscription_id, plan, (now() AT TIME ZONE 'UTC')::date - day AS days_ago, requests FROM published_usage WHERE organization = $1 ORDER BY day, plan`,
      [domain],
    );
    return rows;
  });

it('reports what was used of metered plans since yesterday, and late requests with the next run', async () => {
  const { admin, domain, api, metered, flat, subscriptionId } = await shop();
  for (const application of [metered, flat]) await used(domain, api, application);
  await used(domain, api, metered, 1);
  await used(domain, api, metered, 5);

  const first = await published(admin);

  const times = expect.stringMatching(/^\d{13}$/);
  expect(first).toEqual({ state: 'COMPLETED', status: 'SUCCESSFULL', startedTime: times, lastPublsihedTime: times });
  const ofMetered = { subscription_id: subscriptionId, plan: 'Metered' };
  expect(await reported(domain)).toEqual([
    { ...ofMetered, days_ago: 1, requests: '7' },
    { ...ofMetered, days_ago: 0, requests: '7' },
  ]);

  await used(domain, api, metered, 1);
  const second = await published(admin);

  expect(Number(second.lastPublsihedTime)).toBeGreaterThan(Number(first.lastPublsihedTime));
  expect(await reported(domain)).toEqual([
    { ...ofMetered, days_ago: 1, requests: '14' },
    { ...ofMetered, days_ago: 0, requests: '7' },
  ]);
});

it('reports what was used before a subscription ended, and of each plan what was used under it', async () => {
  const { admin, domain, api, metered, subscriptionId } = await shop();
  const path = { subscriptionId };
  await used(domain, api, metered, 1);
  const subscription = expected(await admin.devportal<Body>('GET /subscriptions/{subscriptionId}', { path }), 200);
  const body = { ...subscription, throttlingPolicy: 'Flat', requestedThrottlingPolicy: 'Flat' };
  expected(await admin.devportal('PUT /subscriptions/{subscriptionId}', { path, body }), 200);
  // Under the flat plan, of which nothing is reported.
  await used(domain, api, metered);
  expected(await admin.devportal('DELETE /subscriptions/{subscriptionId}', { path }), 200);
  const again = await given.subscription(api, metered, { by: admin, policy: 'Metered' });

  expect(await published(admin)).toMatchObject({ status: 'SUCCESSFULL' });

  expect(await reported(domain)).toEqual([{ subscription_id: subscriptionId, plan: 'Metered', days_ago: 1, requests: '7' }]);
  const billed = async (id: string) => {
    const { body: invoice } = await admin.publisher<Facts>('GET /subscriptions/{subscriptionId}/usage', { path: { subscriptionId: id } });
    return invoice.properties['requests'];
  };
  expect(await billed(again.subscriptionId)).toBe('0');
  // Of this month, unless yesterday was in the one before.
  const isSameMonth = new Date(Date.now() - DAY_MS).getUTCMonth() === new Date().getUTCMonth();
  const { body: revenue } = await admin.publisher<Facts>('GET /apis/{apiId}/revenue', { path: { apiId: api.id } });
  expect(revenue.properties['Metered']).toBe(isSameMonth ? '0.35 CHF' : '0.00 CHF');
});

it('takes back nothing when a run that was taken for dead is done at last', async () => {
  const { domain, api, metered, subscriptionId } = await shop();
  const report = (total: number) => ({
    ...{ organization: domain, apiId: api.id, applicationId: metered.applicationId, subscriptionId },
    ...{ plan: 'Metered', day: new Date().toISOString().slice(0, 10), requests: 1, total },
  });
  await withDatabase(async (database) => {
    // All that it needs of a data source.
    const source = { query: async (sql: string, values: unknown[]) => (await database.query(sql, values)).rows } as unknown as DataSource;
    const ledger = new UsageLedger(source);

    await ledger.note(domain, [report(9)]);
    await ledger.note(domain, [report(4)]);
  });

  expect(await reported(domain)).toMatchObject([{ requests: '9' }]);
});

it('has nothing to report of an API that is not sold', async () => {
  const { admin, domain, api, metered } = await shop();
  await used(domain, api, metered);
  expected(await admin.publisher('POST /apis/{apiId}/monetize', { path: { apiId: api.id }, body: { enabled: false } }), 200);

  expect(await published(admin)).toMatchObject({ status: 'SUCCESSFULL' });
  expect(await reported(domain)).toEqual([]);
});

describe('the job', () => {
  const left = (domain: string, aliveFor: string) =>
    withDatabase((database) =>
      database.query(
        `INSERT INTO usage_publishing (organization, run, state, status, started_at, alive_until, first_day)
         VALUES ($1, $2, 'RUNNING', 'INPROGRESS', now(), now() + $3::interval, now())`,
        [domain, randomUUID(), aliveFor],
      ),
    );

  it('has no times before it ran', async () => {
    const { admin } = await given.organization();

    expect(await status(admin)).toEqual({ state: 'INITIATED' });
  });

  it('is refused while another one runs', async () => {
    const { admin, domain } = await given.organization();
    await left(domain, '1 minute');

    expect(await publish(admin)).toMatchObject({ status: 409, body: RUNNING });
    expect(await status(admin)).toMatchObject({ state: 'RUNNING', status: 'INPROGRESS' });
  });

  it('has failed when its server died, and may run again', async () => {
    const { admin, domain } = await given.organization();
    await left(domain, '-1 second');

    expect(await status(admin)).toMatchObject({ state: 'COMPLETED', status: 'FAILED' });
    expect(await published(admin)).toMatchObject({ status: 'SUCCESSFULL' });
  });

  it('is each tenant’s own', async () => {
    const [one, other] = [await given.organization(), await given.organization()];
    await left(one.domain, '1 minute');

    expect(await status(other.admin)).toEqual({ state: 'INITIATED' });
    expect(await published(other.admin)).toMatchObject({ status: 'SUCCESSFULL' });
  });

  it('is for those with its scope', async () => {
    const { admin } = await given.organization();
    const user = await given.user({ roles: ['Internal/subscriber'], by: admin });

    expect(await publish(user)).toFailWith(Unauthenticated());
    expect(await user.admin('GET /monetization/publish-usage/status')).toFailWith(Unauthenticated());
    expect(await publish(admin.withScopes('apim:monetization_usage_publish'))).toMatchObject({ status: 202 });
  });
});
