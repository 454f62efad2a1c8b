import 'reflect-metadata';
import { policyFiles } from '../policy-archive.js';
import { readSpecification } from '../read-specification.js';
import { SHIPPED_POLICIES, shippedAlike } from './shipped-policies.js';

describe('the shipped policies', () => {
  it('are 56, each of another name', () => {
    expect(new Set(SHIPPED_POLICIES.map(({ name }) => name)).size).toBe(56);
    expect(SHIPPED_POLICIES).toHaveLength(56);
  });

  it.each(SHIPPED_POLICIES.map((policy) => [policy.name, policy] as const))('%s passes for a policy that was uploaded', (name, policy) => {
    for (const format of ['YAML', 'JSON'] as const) {
      const [[, document] = ['', '']] = policyFiles(policy, format, name);

      expect(readSpecification(Buffer.from(document))).toEqual(policy.specification);
    }
  });

  it('are recognized by their parameters, whatever the vendor says of them', () => {
    const [policy] = SHIPPED_POLICIES;
    if (policy === undefined) throw new Error('there are none');
    const foreign = { ...policy, specification: { ...policy.specification, description: 'In other words' }, synapse: '<header/>' };

    expect(shippedAlike(foreign)).toBe(policy);
    expect(shippedAlike({ ...foreign, specification: { ...foreign.specification, policyAttributes: [] } })).toBeUndefined();
    expect(shippedAlike({ ...foreign, version: 'v99' })).toBeUndefined();
  });
});
