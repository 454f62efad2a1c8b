import 'reflect-metadata';
import { BUILT_IN } from '../../../gateway/engine/mediation/built-in.js';
import { NOT_RUN } from '../../../gateway/engine/mediation/not-run.js';
import { SHIPPED_POLICIES } from './shipped-policies.js';

const keyOf = ({ name, version }: { readonly name: string; readonly version: string }): string => `${name} ${version}`;
const isForThisGateway = ({ specification }: (typeof SHIPPED_POLICIES)[number]): boolean =>
  specification.supportedGateways.includes('Synapse') && specification.supportedApiTypes.includes('HTTP');

describe('the gateway', () => {
  it('runs every shipped policy of HTTP APIs, or says why not', () => {
    const wanted = SHIPPED_POLICIES.filter(isForThisGateway).map(keyOf);

    expect(wanted.filter((key) => !BUILT_IN.has(key) && !NOT_RUN.has(key))).toEqual([]);
  });

  it('has a reason for each other one, and for those alone', () => {
    const others = SHIPPED_POLICIES.map(keyOf).filter((key) => !BUILT_IN.has(key));

    expect([...NOT_RUN.keys()].sort()).toEqual(others.sort());
  });

  it('runs nothing that is not shipped', () => {
    const shipped = new Set(SHIPPED_POLICIES.map(keyOf));

    expect([...BUILT_IN.keys()].filter((key) => !shipped.has(key))).toEqual([]);
  });

  it.each(
    SHIPPED_POLICIES.filter((policy) => BUILT_IN.has(keyOf(policy))).map((policy) => [keyOf(policy), policy] as const),
  )('%s runs in the flows that it is for, and no others', (key, { specification }) => {
    const builtIn = BUILT_IN.get(key);

    expect((['request', 'response', 'fault'] as const).filter((flow) => builtIn?.[flow] !== undefined)).toEqual(
      (['request', 'response', 'fault'] as const).filter((flow) => specification.applicableFlows.includes(flow)),
    );
  });
});
