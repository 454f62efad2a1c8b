import { type Actor, expected } from './actor.js';
import type { Body, FormField } from './client.js';
import { unique } from './unique.js';

/** An operation policy as the wire shows it. */
export interface Policy {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly displayName: string;
  readonly md5: string;
  readonly isAPISpecific: boolean;
  readonly policyAttributes: readonly Body[];
}

/** The `data` of a specification, complete and valid. */
export const policyData = (further: Body = {}): Body => ({
  category: 'Mediation',
  name: unique('policy'),
  version: 'v1',
  displayName: 'A policy',
  description: 'For a test',
  policyAttributes: [],
  applicableFlows: ['request', 'response', 'fault'],
  supportedGateways: ['Synapse'],
  supportedApiTypes: ['HTTP'],
  ...further,
});

/** An attribute, required and without a rule unless said otherwise. */
export const attribute = (name: string, further: Body = {}): Body => ({
  name,
  displayName: name,
  type: 'String',
  required: true,
  ...further,
});

export const TEMPLATE = '<log level="custom"><property name="policy" value="ran"/></log>\n';

/** The parts of an upload. */
export const policyForm = (
  data: Body,
  template: string | null = TEMPLATE,
  fileName = 'policy.j2',
): Readonly<Record<string, FormField | undefined>> => ({
  policySpecFile: {
    file: JSON.stringify({ type: 'operation_policy_specification', version: 'v4.7.0', data }),
    name: 'policy.json',
    type: 'application/json',
  },
  synapsePolicyDefinitionFile: template === null ? undefined : { file: template, name: fileName },
});

/** A new common policy of the tenant. */
export const commonPolicy = async (by: Actor, further: Body = {}): Promise<Policy> =>
  expected(await by.publisher<Policy>('POST /operation-policies', { form: policyForm(policyData(further)) }), 201);

/** A new common policy of the tenant that somebody has written: a template, or a script in a file `*.js`. */
export const writtenPolicy = async (by: Actor, definition: string, further: Body = {}, fileName?: string): Promise<Policy> =>
  expected(await by.publisher<Policy>('POST /operation-policies', { form: policyForm(policyData(further), definition, fileName) }), 201);

/** An attachment of a common policy. */
export const attached = ({ name, version }: Pick<Policy, 'name' | 'version'>, parameters: Body = {}): Body => ({
  policyName: name,
  policyVersion: version,
  policyType: 'common',
  parameters,
});

/** A new policy of one API. */
export const apiPolicy = async (by: Actor, apiId: string, further: Body = {}): Promise<Policy> =>
  expected(
    await by.publisher<Policy>('POST /apis/{apiId}/operation-policies', { path: { apiId }, form: policyForm(policyData(further)) }),
    201,
  );
