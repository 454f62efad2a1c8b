import { AlreadyExists, Unauthenticated } from '../../src/domain/problem.js';
import { InvalidKeyTemplate, InvalidQuery, NotOfSuperTenant, RuleNotFound } from '../../src/throttling/rules/custom-rules.problems.js';
import { PropertyBlank } from '../../src/throttling/throttling.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Rule extends Body {
  readonly policyId: string;
  readonly policyName: string;
}
interface RuleList {
  readonly count: number;
  readonly list: readonly Rule[];
}

const COLLECTION = '/throttling/policies/custom';
const ONE = `${COLLECTION}/{ruleId}`;
const UNKNOWN_ID = '7d0e8a0e-9a34-4a44-9f0b-0f5a3b1c2d3e';
const by = given.superAdmin;

/** About a user that nobody is: rules hold for the whole gateway. */
const QUERY = `FROM RequestStream
SELECT userId, ( userId == 'nobody@carbon.super' ) AS isEligible, str:concat('nobody@carbon.super','') as throttleKey
INSERT INTO EligibilityStream;

FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 min)
SELECT throttleKey, (count(userId) >= 10) as isThrottled, expiryTimeStamp group by throttleKey
INSERT ALL EVENTS into ResultStream;`;

const bodyOf = (changes: Body = {}): Body => ({
  policyName: unique('rule'),
  description: 'Made by a test',
  siddhiQuery: QUERY,
  keyTemplate: '$userId',
  ...changes,
});
const add = (body: Body, actor = by) => actor.admin<Rule>(`POST ${COLLECTION}`, { body });
const on = (operation: string, ruleId: string, options: RequestOptions = {}, actor: Actor = by) =>
  actor.admin<Rule>(`${operation} ${ONE}`, { path: { ruleId }, ...options });

it('is created, read, listed, changed and deleted', async () => {
  const body = bodyOf();
  const created = await add(body);
  expect(created).toMatchObject({
    status: 201,
    body: { ...body, displayName: body['policyName'], isDeployed: true, type: 'CustomRule' },
  });
  const { policyId } = created.body;
  expect(created.headers['location']).toContain(`${COLLECTION}/${policyId}`);

  expect(await on('GET', policyId)).toMatchObject({ status: 200, body: created.body });
  const { count, list } = expected(await by.admin<RuleList>(`GET ${COLLECTION}`), 200);
  expect(list).toHaveLength(count);
  expect(list).toContainEqual(created.body);

  const change = { ...body, policyName: unique('renamed'), displayName: 'Changed', siddhiQuery: QUERY.replace('10', '20') };
  const changed = await on('PUT', policyId, { body: change });
  expect(changed).toMatchObject({ status: 200, body: { ...change, policyName: body['policyName'] } });

  expect((await on('DELETE', policyId)).status).toBe(200);
  expect(await on('GET', policyId)).toFailWith(RuleNotFound(policyId));
});

it('keeps its query as it was written, with its line breaks and comments', async () => {
  const siddhiQuery = `// ten a minute\n${QUERY.replaceAll('\n', '\r\n')} /* the end */`;

  const { policyId } = expected(await add(bodyOf({ siddhiQuery })), 201);

  expect(await on('GET', policyId)).toMatchObject({ body: { siddhiQuery } });
  expected(await on('DELETE', policyId), 200);
});

it('is taken with its line breaks written out, as the contract has it', async () => {
  const { policyId } = expected(await add(bodyOf({ siddhiQuery: QUERY.replaceAll('\n', String.raw`\n`) })), 201);

  expected(await on('DELETE', policyId), 200);
});

it('is refused under a name that is taken', async () => {
  const body = bodyOf();
  const { policyId } = expected(await add(body), 201);

  expect(await add(body)).toFailWith(AlreadyExists);
  expected(await on('DELETE', policyId), 200);
});

it.each([UNKNOWN_ID, 'no-uuid'])('is not found under the id %s', async (ruleId) => {
  expect(await on('GET', ruleId)).toFailWith(RuleNotFound(ruleId));
  expect(await on('PUT', ruleId, { body: bodyOf() })).toFailWith(RuleNotFound(ruleId));
  expect(await on('DELETE', ruleId)).toFailWith(RuleNotFound(ruleId));
});

it.each([
  ['no name', { policyName: undefined }],
  ['a name that is too long', { policyName: 'x'.repeat(61) }],
  ['no query', { siddhiQuery: undefined }],
  ['a list for a query', { siddhiQuery: [QUERY] }],
  ['no key template', { keyTemplate: undefined }],
  ['an unknown property', { colour: 'red' }],
  ['a zero byte in a text', { siddhiQuery: QUERY.replace('nobody', 'no\0body') }],
])('is refused with %s', async (_, wrong) => {
  expect(await add(bodyOf(wrong))).toFailWith({ status: 400, code: 400, message: 'Bad Request' });
});

it.each([
  ['// nothing', 'line 1, column 11: expected FROM instead of the end'],
  [QUERY.replace('userId ==', 'user =='), "line 2, column 18: 'user' is not known here"],
  [QUERY.replace('count(userId) >= 10)', 'count(userId) >= 10'), "line 6, column 42: expected ) instead of 'as'"],
])('is refused with a query that is not one, and told where: %#', async (siddhiQuery, place) => {
  expect(await add(bodyOf({ siddhiQuery }))).toFailWith(InvalidQuery(place));
});

it.each(['policyName', 'siddhiQuery', 'keyTemplate'])('is refused with a blank %s', async (property) => {
  expect(await add(bodyOf({ [property]: ' ' }))).toFailWith(PropertyBlank(property));
});

it('is shown by its own name, and not by another one that an update sends', async () => {
  const { policyId, policyName } = expected(await add(bodyOf({ displayName: 'Shown' })), 201);

  expect(await on('PUT', policyId, { body: bodyOf() })).toMatchObject({ status: 200, body: { policyName, displayName: policyName } });
  expected(await on('DELETE', policyId), 200);
});

it('is refused with a key template that is none', async () => {
  const answer = await add(bodyOf({ keyTemplate: '$userId:$colour' }));

  expect(answer).toFailWith(
    InvalidKeyTemplate(
      "'$colour' is none of $resourceKey, $userId, $apiContext, $apiVersion, $appTenant, $apiTenant, $appId, $clientIp and $customProperty.<name>",
    ),
  );
});

it('stays as it was when a change is refused', async () => {
  const rule = expected(await add(bodyOf()), 201);

  expect(await on('PUT', rule.policyId, { body: bodyOf({ siddhiQuery: 'nonsense' }) })).toFailWith({ status: 400, code: 400 });

  expect(await on('GET', rule.policyId)).toMatchObject({ body: rule });
  expected(await on('DELETE', rule.policyId), 200);
});

it('is changed only when If-Match still fits', async () => {
  const { policyId } = expected(await add(bodyOf()), 201);
  const { headers } = await on('GET', policyId);
  const change = { body: bodyOf({ description: 'changed' }), headers: { 'if-match': headers['etag'] ?? '' } };

  expect((await on('PUT', policyId, change)).status).toBe(200);
  expect((await on('PUT', policyId, change)).status).toBe(412);
  expected(await on('DELETE', policyId), 200);
});

it('is the super tenant’s alone: no administrator of another tenant sees or touches one', async () => {
  const { admin } = await given.organization();
  const { policyId } = expected(await add(bodyOf()), 201);

  expect(await admin.admin(`GET ${COLLECTION}`)).toFailWith(NotOfSuperTenant());
  expect(await add(bodyOf(), admin)).toFailWith(NotOfSuperTenant());
  expect(await on('GET', policyId, {}, admin)).toFailWith(NotOfSuperTenant());
  expect(await on('PUT', policyId, { body: bodyOf() }, admin)).toFailWith(NotOfSuperTenant());
  expect(await on('DELETE', policyId, {}, admin)).toFailWith(NotOfSuperTenant());
  expect((await on('GET', policyId)).status).toBe(200);
  expected(await on('DELETE', policyId), 200);
});

it('needs a scope that manages policies', async () => {
  const reader = by.withScopes('apim:admin_tier_view');
  const { policyId } = expected(await add(bodyOf()), 201);

  expect((await reader.admin(`GET ${COLLECTION}`)).status).toBe(200);
  expect((await on('GET', policyId, {}, reader)).status).toBe(200);
  expect(await add(bodyOf(), reader)).toFailWith(Unauthenticated());
  expect(await on('PUT', policyId, { body: bodyOf() }, reader)).toFailWith(Unauthenticated());
  expect(await on('DELETE', policyId, {}, reader)).toFailWith(Unauthenticated());
  expect(await by.withScopes('apim:app_manage').admin(`GET ${COLLECTION}`)).toFailWith(Unauthenticated());
  expected(await on('DELETE', policyId), 200);
});
