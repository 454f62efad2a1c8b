import { expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { unique } from '../support/unique.js';

const A_SECOND_MS = 1_000;

/** A rule about one API; its window is a day, so that no run falls on the edge of one but at midnight. */
const bodyOf = ({ url }: GivenApi, max: number) => ({
  policyName: unique('rule'),
  keyTemplate: '$apiContext',
  siddhiQuery: `FROM RequestStream
    SELECT apiContext, ( apiContext == '${url}' ) AS isEligible, apiContext AS throttleKey
    INSERT INTO EligibilityStream;
    FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 day, 0)
    SELECT throttleKey, (count(apiContext) >= ${max}) AS isThrottled, expiryTimeStamp GROUP BY throttleKey
    INSERT ALL EVENTS INTO ResultStream;`,
});

const addRule = async (api: GivenApi, max: number) => {
  const answer = await given.superAdmin.admin<{ policyId: string }>('POST /throttling/policies/custom', { body: bodyOf(api, max) });
  return expected(answer, 201).policyId;
};

it('bites within a second of its creation, counts on through a change, and is gone a second after its deletion', async () => {
  const { api, token } = await given.subscriber({ backend: await given.backend() });
  const status = async () => (await gateway(`${api.url}/x`, { token })).status;
  const becomes = (wanted: number) => eventually(status, (seen) => seen === wanted, A_SECOND_MS);

  const policyId = await addRule(api, 0);
  await becomes(429);
  const refused = await gateway(`${api.url}/x`, { token });
  expect(refused.body).toMatchObject({ code: '900806', message: 'Message throttled out' });
  expect(Date.parse(refused.headers['retry-after'] ?? '') % (24 * 3_600_000)).toBe(0);

  expected(
    await given.superAdmin.admin('PUT /throttling/policies/custom/{ruleId}', { path: { ruleId: policyId }, body: bodyOf(api, 1) }),
    200,
  );
  await becomes(200);
  expect(await status()).toBe(429);

  expected(await given.superAdmin.admin('DELETE /throttling/policies/custom/{ruleId}', { path: { ruleId: policyId } }), 200);
  await becomes(200);
});

it('holds for the APIs of every tenant, exactly under concurrency', async () => {
  const { admin } = await given.organization();
  const { api, token } = await given.subscriber({ by: admin, backend: await given.backend() });
  const policyId = await addRule(api, 0);
  const status = async () => (await gateway(`${api.url}/x`, { token })).status;
  await eventually(status, (seen) => seen === 429);
  expected(
    await given.superAdmin.admin('PUT /throttling/policies/custom/{ruleId}', { path: { ruleId: policyId }, body: bodyOf(api, 31) }),
    200,
  );
  // What was refused was not charged: this is the first of the 31.
  await eventually(status, (seen) => seen === 200);

  const answers = await Promise.all(Array.from({ length: 80 }, () => gateway(`${api.url}/x`, { token })));

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(50);
  expected(await given.superAdmin.admin('DELETE /throttling/policies/custom/{ruleId}', { path: { ruleId: policyId } }), 200);
});
