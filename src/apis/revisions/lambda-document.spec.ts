import type { ApiOperation } from '../../domain/api.js';
import { awsFunctions, lambdaOf } from './lambda-document.js';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:pizza';
const operation = (changes: Partial<ApiOperation> = {}): ApiOperation => ({
  target: '/x',
  verb: 'GET',
  authType: 'None',
  throttlingPolicy: 'Unlimited',
  scopes: [],
  operationPolicies: { request: [], response: [], fault: [] },
  operationHubPolicies: [],
  ...changes,
});
const stored = {
  endpoint_type: 'awslambda',
  access_method: 'stored',
  amznAccessKey: 'AKID',
  amznSecretKey: 'v2:sealed',
  amznRegion: 'us-west-2',
};
const role = { amznRoleArn: 'arn:aws:iam::1:role/r', amznRoleSessionName: 's', amznRoleRegion: 'us-east-2' };

it.each([
  [stored, [], { region: 'us-west-2', accessKey: 'AKID', secrets: { secretKey: 'v2:sealed' } }],
  [{ ...stored, ...role }, [], { region: 'us-west-2', role: { arn: role.amznRoleArn, sessionName: 's', region: 'us-east-2' } }],
  [{ ...stored, access_method: 'role-supplied' }, [], { accessKey: '', secrets: { secretKey: '' } }],
  [{ endpoint_type: 'awslambda' }, [operation(), operation({ amznResourceName: ARN })], { region: 'eu-west-1', accessKey: '' }],
  [{ endpoint_type: 'awslambda', amznRegion: 'x/../y' }, [], { region: 'us-east-1' }],
])('functions of %j with %j are called with %j', (config, operations, expected) => {
  const { url, security } = awsFunctions(config, operations);

  expect(security).toMatchObject({ type: 'aws', service: 'lambda', ...expected });
  expect(url).toBe(`https://lambda.${security?.type === 'aws' ? security.region : ''}.amazonaws.com`);
});

it.each([
  [{ amznResourceName: ARN }, { name: ARN, timeoutMs: 50_000, isEncoded: false }],
  [
    { amznResourceName: ARN, amznResourceTimeout: 1_000, amznResourceContentEncode: true },
    { name: ARN, timeoutMs: 1_000, isEncoded: true },
  ],
  [
    { amznResourceName: ARN, amznResourceTimeout: 999 },
    { name: ARN, timeoutMs: 50_000, isEncoded: false },
  ],
  [
    { amznResourceName: ARN, amznResourceTimeout: 900_001 },
    { name: ARN, timeoutMs: 50_000, isEncoded: false },
  ],
  [{}, undefined],
])('the operation %j has the function %j', (changes, expected) => {
  const production = awsFunctions(stored, []);

  expect(lambdaOf({ production, sandbox: production }, operation(changes))).toEqual(expected);
  expect(lambdaOf({ production: null, sandbox: null }, operation(changes))).toBeUndefined();
});
