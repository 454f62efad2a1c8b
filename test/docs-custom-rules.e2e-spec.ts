import { readFileSync } from 'node:fs';
import { expected } from './support/actor.js';
import { given } from './support/given.js';
import { unique } from './support/unique.js';

/** The rules of the page, each with the key template that stands before it. */
const PAGE = readFileSync(new URL('../docs/custom-throttling-rules.md', import.meta.url), 'utf8');
const RULES = [...PAGE.matchAll(/Key template `([^`]+)`:\n\n```siddhi\n([\s\S]*?)```/g)].map(([, keyTemplate = '', siddhiQuery = '']) => ({
  keyTemplate,
  siddhiQuery,
}));

it('every rule of the page is found', () => {
  expect(RULES).toHaveLength(PAGE.split('```siddhi').length - 1);
});

it.each(RULES)('is a rule: $keyTemplate', async (rule) => {
  const { policyId } = expected(
    await given.superAdmin.admin<{ policyId: string }>('POST /throttling/policies/custom', {
      body: { policyName: unique('docs'), ...rule },
    }),
    201,
  );

  expected(await given.superAdmin.admin('DELETE /throttling/policies/custom/{ruleId}', { path: { ruleId: policyId } }), 200);
});

it('what the page says of a query that is none is what is answered', async () => {
  const siddhiQuery = RULES[0]?.siddhiQuery.replace(/^.*\n/, '').replace('( userId ==', '( user ==');
  const { status, body } = await given.superAdmin.admin<object>('POST /throttling/policies/custom', {
    body: { policyName: unique('docs'), keyTemplate: '$userId', siddhiQuery },
  });

  expect(status).toBe(400);
  expect(PAGE).toContain(JSON.stringify(body, null, 2));
});
