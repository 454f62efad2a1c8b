import { Unauthenticated } from '../../src/domain/problem.js';
import { given } from '../support/given.js';
import { configure } from '../support/tenant-config.js';

const RULES = { extends: 'spectral:oas', rules: { 'info-contact': 'off' } };

/** A tenant whose administrator has rules of its own. */
const withRules = async () => {
  const { admin } = await given.organization();
  await configure(admin, { LinterCustomRules: RULES });
  return admin;
};
const rules = 'GET /linter-custom-rules';

it('answers the rules of the tenant as they are', async () => {
  const admin = await withRules();

  expect(await admin.publisher(rules)).toMatchObject({ status: 200, body: RULES });
});

it('lists the documents that apply to an API or a type', async () => {
  const admin = await withRules();
  const { id } = await given.api({ by: admin });

  const forApi = await admin.publisher<unknown>(rules, { query: { apiId: id } });
  const forType = await admin.publisher<unknown>(rules, { query: { apiType: 'HTTP' } });

  for (const { body } of [forApi, forType]) expect((body as readonly string[]).map((text) => JSON.parse(text))).toEqual([RULES]);
});

it('is an empty list where no rules are set', async () => {
  const { admin } = await given.organization();

  expect(await admin.publisher<unknown>(rules)).toMatchObject({ status: 200, body: [] });
});

it('refuses the wrong scope', async () => {
  const { admin } = await given.organization();

  expect(await admin.withScopes('apim:api_publish').publisher(rules)).toFailWith(Unauthenticated());
});

it('hides the rules and APIs of other tenants', async () => {
  const { id } = await given.api({ by: await withRules() });
  const { admin } = await given.organization();

  expect(await admin.publisher<unknown>(rules)).toMatchObject({ status: 200, body: [] });
  expect(await admin.publisher(rules, { query: { apiId: id } })).toFailWith({ status: 404, code: 404 });
  expect(await admin.publisher(rules, { query: { apiId: 'no\0id' } })).toFailWith({ status: 404, code: 404 });
});
