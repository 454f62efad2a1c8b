import type { AttachedPolicyDocument, PolicyFlowsDocument } from '../../../domain/gateway-documents.js';
import { apiRow, operation, TestGateway } from '../engine.fixture.js';
import { AttachedPolicies, joined } from './attached-policies.js';

const policy = (changes: Partial<AttachedPolicyDocument> = {}): AttachedPolicyDocument => ({
  name: 'greeting',
  version: 'v1',
  isBuiltIn: false,
  parameters: { name: 'ann' },
  definitionKey: 'one',
  ...changes,
});
const flows = (...request: readonly AttachedPolicyDocument[]): PolicyFlowsDocument => ({ request, response: [], fault: [] });
const TEXT = '<property name="X-Name" value="{{ name }}" scope="transport"/>';
const definitions = { one: { text: TEXT, language: 'sequence' as const } };

it('gives policies their texts, and those of equal parameters one object', () => {
  const attached = new AttachedPolicies();

  const [first, other] = attached.of(flows(policy(), policy({ parameters: { name: 'bob' } })), { definitions }).request;
  const [second] = attached.of(flows(policy()), { definitions }).request;

  expect(first).toMatchObject({ definition: TEXT, language: 'sequence' });
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});

it.each([
  ['whose text is missing', {}, {}, "the text of the policy 'greeting' is missing"],
  [
    'whose secrets could not be opened',
    { secrets: null },
    { definitions },
    "the secret parameters of the policy 'greeting' cannot be opened",
  ],
])('refuses a policy %s', (_, changes, carrier, reason) => {
  expect(() => new AttachedPolicies().of(flows(policy(changes)), carrier)).toThrow(reason);
});

it('joins flows in their order', () => {
  const [a, b] = [policy({ name: 'a' }), policy({ name: 'b' })];

  expect(joined(flows(a), undefined, flows(b))?.request).toEqual([a, b]);
  expect(joined(undefined)).toBeUndefined();
});

it('costs an API of thousands of resources one compilation', async () => {
  const operations = Array.from({ length: 5_000 }, (_, i) => operation('GET', `/r${i}`, { policies: flows(policy()) }));
  const gateway = new TestGateway();

  const startedAt = performance.now();
  gateway.engine.apply([apiRow('http://127.0.0.1:1', { operations, definitions })]);
  const tookMs = performance.now() - startedAt;
  await gateway.stop();

  expect(gateway.messages).toContainEqual(expect.objectContaining({ type: 'ack', ok: true }));
  expect(tookMs).toBeLessThan(2_000);
});

it.each([
  ['a template', '<log level="custom"><property name="key" value="{{ key }}"/></log>', 'sequence' as const],
  ['a script', "mc.getServiceLog().info('key = ' + parameters.key)", 'javascript' as const],
])('keeps the secrets of %s out of the lines it writes', async (_, text, language) => {
  const secret = policy({ parameters: { key: 'very-secret' }, secrets: ['key'] });
  const operations = [operation('GET', '/a', { authType: 'None', policies: flows(secret) })];
  const gateway = await TestGateway.start([apiRow('http://127.0.0.1:1', { operations, definitions: { one: { text, language } } })]);

  await gateway.call('/pizza/1.0.0/a');
  await gateway.stop();

  expect(gateway.messages.flatMap((message) => (message.type === 'policy-log' ? [message.text] : []))).toEqual(['key = *****']);
});
