import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { roomInTheMinute, statuses } from '../support/throttling.js';
import { unique } from '../support/unique.js';

const MINUTE_MS = 60_000;

const count = (seen: readonly number[], status: number) => seen.filter((each) => each === status).length;

it('stops an application on 10PerMin at the eleventh call: 900803, with the time it may go on', async () => {
  await roomInTheMinute();
  const { api, token } = await given.subscriber({ backend: await given.backend(), applicationPolicy: '10PerMin' });

  // The probe of the builder was one of the ten.
  const seen = await statuses(9, () => gateway(`${api.url}/x`, { token }));
  const refused = await gateway(`${api.url}/x`, { token });

  expect(count(seen, 200)).toBe(9);
  expect(refused.status).toBe(429);
  expect(refused.body).toMatchObject({ code: '900803', message: 'Message throttled out' });
  const { nextAccessTime, description } = refused.body as { nextAccessTime: string; description: string }; // asserted next
  expect(nextAccessTime).toMatch(/^\d{4}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:00\+0000 UTC$/);
  expect(description).toBe(`You have exceeded your quota .You can access API after ${nextAccessTime}`);
  const retryAfter = Date.parse(refused.headers['retry-after'] ?? '');
  expect(retryAfter % MINUTE_MS).toBe(0);
  expect(retryAfter - Date.now()).toBeLessThanOrEqual(MINUTE_MS);
});

describe('a small subscription plan', () => {
  const plan = async (requestCount: number, further: object = {}) => {
    const policyName = unique('Plan');
    const answer = await given.superAdmin.admin('POST /throttling/policies/subscription', {
      body: {
        policyName,
        displayName: policyName,
        description: '',
        defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount } },
        stopOnQuotaReach: true,
        ...further,
      },
    });
    expect(answer.status).toBe(201);
    return policyName;
  };

  it('stops at its limit: 900804', async () => {
    await roomInTheMinute();
    const policy = await plan(3);
    const { api, token } = await given.subscriber({ backend: await given.backend(), policies: [policy], policy });

    const seen = await statuses(4, () => gateway(`${api.url}/x`, { token }));

    expect(seen).toEqual([200, 200, 429, 429]);
    expect((await gateway(`${api.url}/x`, { token })).body).toMatchObject({ code: '900804' });
  });

  it('is exact under concurrency', async () => {
    await roomInTheMinute();
    const policy = await plan(50);
    const { api, token } = await given.subscriber({ backend: await given.backend(), policies: [policy], policy });

    const answers = await Promise.all(Array.from({ length: 120 }, () => gateway(`${api.url}/x`, { token })));

    expect(
      count(
        answers.map(({ status }) => status),
        200,
      ),
    ).toBe(49);
    expect(
      count(
        answers.map(({ status }) => status),
        429,
      ),
    ).toBe(71);
  });

  it('lets on beyond the limit when it does not stop there', async () => {
    await roomInTheMinute();
    const policy = await plan(1, { stopOnQuotaReach: false });
    const { api, token } = await given.subscriber({ backend: await given.backend(), policies: [policy], policy });

    expect(await statuses(3, () => gateway(`${api.url}/x`, { token }))).toEqual([200, 200, 200]);
  });

  it('charges nothing at the application for what the plan refused', async () => {
    await roomInTheMinute();
    const policy = await plan(2);
    const narrow = await given.subscriber({ backend: await given.backend(), policies: [policy], policy, applicationPolicy: '10PerMin' });
    const wide = await given.publishedApi({ backend: await given.backend() });
    await given.subscription(wide, narrow.application);

    const refused = await statuses(12, () => gateway(`${narrow.api.url}/x`, { token: narrow.token }));
    const open = await eventually(
      () => gateway(`${wide.url}/x`, { token: narrow.token }),
      ({ status }) => status === 200,
    );

    expect(count(refused, 429)).toBe(11);
    expect(open.status).toBe(200);
  });
});
