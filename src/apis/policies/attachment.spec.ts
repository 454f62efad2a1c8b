import type { AttachedPolicy } from '../../domain/api.js';
import { attachmentOf, checkTarget } from './attachment.js';
import { AttributesMissing, InvalidParameter, PolicyNotAllowed } from './policies.problems.js';
import type { PolicyAttribute, PolicySpecification } from './policy-specification.js';

const specification = (further: Partial<PolicySpecification> = {}): PolicySpecification => ({
  category: 'Mediation',
  name: 'p',
  version: 'v1',
  displayName: 'P',
  description: '',
  policyAttributes: [],
  applicableFlows: ['request'],
  supportedGateways: ['Synapse'],
  supportedApiTypes: ['HTTP'],
  ...further,
});

describe('where a policy may be attached', () => {
  const target = { flow: 'request', gatewayType: 'wso2/synapse', apiType: 'HTTP' } as const;

  it.each([
    [{}, target],
    [{}, { ...target, apiType: null }],
    [{ supportedGateways: ['ChoreoConnect'] }, { ...target, gatewayType: 'wso2/apk' }],
    [{ supportedGateways: ['APK'] }, { ...target, gatewayType: 'wso2/apk' }],
    [{ supportedGateways: ['Azure'] }, { ...target, gatewayType: 'Azure' }],
    [{ supportedApiTypes: [{ apiType: 'HTTP', subType: 'AIAPI' }] }, target],
  ])('with %j to %j', (further, to) => expect(() => checkTarget(specification(further), to)).not.toThrow());

  it.each([
    [{}, { ...target, flow: 'fault' as const }],
    [{}, { ...target, gatewayType: 'AWS' }],
    [{}, { ...target, gatewayType: 'wso2/apk' }],
    [{}, { ...target, apiType: 'GRAPHQL' }],
    [{ supportedApiTypes: [] }, target],
  ])('not with %j to %j', (further, to) =>
    expect(() => checkTarget(specification(further), to)).toThrow(expect.objectContaining({ code: PolicyNotAllowed.code })));
});

describe('the parameters of an attached policy', () => {
  const attribute = (name: string, further: Partial<PolicyAttribute> = {}): PolicyAttribute => ({
    name,
    displayName: name,
    type: 'String',
    required: true,
    ...further,
  });
  const attach = (attributes: readonly PolicyAttribute[], sent: Record<string, unknown>, stored?: AttachedPolicy): AttachedPolicy => {
    const policy = { id: '1', apiId: null, clonedFrom: null, name: 'p', version: 'v1' };
    return attachmentOf(
      { ...policy, specification: specification({ policyAttributes: attributes }) },
      sent,
      stored,
      (plain) => `sealed ${plain}`,
    );
  };

  it('are kept as they came, undeclared ones too', () => {
    const sent = { text: 'a', number: 5, map: { a: [1] }, more: null };

    expect(attach([attribute('text')], sent)).toEqual({
      policyName: 'p',
      policyVersion: 'v1',
      policyType: 'common',
      policyId: '1',
      parameters: sent,
    });
  });

  it('get no default value', () => {
    expect(attach([attribute('a', { required: false, defaultValue: 'x' })], {}).parameters).toEqual({});
    expect(() => attach([attribute('a', { defaultValue: 'x' })], {})).toThrow(AttributesMissing('a', 'p').message);
  });

  it.each([
    ['^[0-9]+$', 5, true],
    ['[0-9]+', '5a', false],
    ['^(true|false)$', true, true],
    ['^ABC$', 'abc', true],
    ['^.+$', 'two\nlines', false],
    ['^\\{.*\\}$', { a: 1 }, true],
  ])('fit %s: %j is %j', (validationRegex, value, fits) => {
    const act = () => attach([attribute('a', { validationRegex })], { a: value });

    if (fits) expect(act).not.toThrow();
    else expect(act).toThrow(InvalidParameter('a').message);
  });

  it.each(['constructor', '__proto__', 'toString'])('are missing unless sent, even %s', (name) => {
    expect(() => attach([attribute(name)], {})).toThrow(AttributesMissing(name, 'p').message);
  });

  describe('that are secret', () => {
    const secret = attribute('key', { type: 'secret' });
    const stored: AttachedPolicy = { policyName: 'p', parameters: { key: 'sealed before' }, secrets: ['key'] };

    it.each([
      ['new', { key: 'new' }, stored, 'sealed new'],
      ['a number', { key: 5 }, undefined, 'sealed 5'],
      ['empty', { key: '' }, stored, 'sealed before'],
      ['null', { key: null }, stored, 'sealed before'],
    ])('are sealed or kept when %s', (_, sent, before, expected) =>
      expect(attach([secret], sent, before)).toMatchObject({ parameters: { key: expected }, secrets: ['key'] }));

    it.each([
      ['nothing is kept', { key: '' }, undefined],
      ['they are left out', {}, stored],
      ['what is kept was no secret', { key: '' }, { policyName: 'p', parameters: { key: 'plain' } }],
    ])('are missing when %s', (_, sent, before) =>
      expect(() => attach([secret], sent, before)).toThrow(AttributesMissing('key', 'p').message));

    it('may be empty where they are not required', () => {
      expect(attach([{ ...secret, required: false }], { key: '' }).parameters).toEqual({ key: '' });
    });
  });
});
