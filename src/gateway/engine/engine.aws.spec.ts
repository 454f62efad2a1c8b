import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsSecurityDocument, EndpointSecurityDocument, LambdaDocument, OperationDocument } from '../../domain/gateway-documents.js';
import { apiRow, type CallOptions, operation, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';

const signer = new Signer('key-a');
const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' };
const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:pizza';
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const awsSecurity = (changes: Partial<AwsSecurityDocument> = {}): EndpointSecurityDocument => ({
  type: 'aws',
  region: 'eu-west-1',
  service: 'lambda',
  accessKey: KEY.accessKeyId,
  secrets: { secretKey: KEY.secretAccessKey },
  ...changes,
});

const lambdaOperation = (method: string, target: string, changes: Partial<LambdaDocument> = {}): OperationDocument => ({
  ...operation(method, target),
  lambda: { name: FUNCTION, timeoutMs: 5_000, isEncoded: false, ...changes },
});

interface Given {
  readonly backend: TestBackend;
  readonly operations: readonly OperationDocument[];
  readonly security?: EndpointSecurityDocument;
  readonly stsUrl?: string;
}

/** A gateway whose functions are at the backend. */
const gatewayOf = async ({ backend, operations, security = awsSecurity(), stsUrl = '' }: Given): Promise<TestGateway> => {
  const endpoint = { url: 'https://lambda.eu-west-1.amazonaws.com', onTimeout: 'fault' as const, timeoutMs: null, security };
  const rows = [...subscriber(signer), apiRow(backend.url, { operations, endpoints: { production: endpoint, sandbox: endpoint } })];
  const gateway = await TestGateway.start(rows, { awsLambdaUrl: backend.url, awsStsUrl: stsUrl });
  cleanups.push(() => gateway.stop());
  return gateway;
};

const functions = async (...answer: Parameters<typeof startBackend>): Promise<TestBackend> => {
  const backend = await startBackend(...answer);
  cleanups.push(() => backend.stop());
  return backend;
};

const call = (gateway: TestGateway, path: string, { headers, ...options }: CallOptions = {}) =>
  gateway.call(`/pizza/1.0.0${path}`, { ...options, headers: { Authorization: `Bearer ${signer.token()}`, ...headers } });

/** The signature that the AWS library gives the request that arrived. */
const expectedAuthorization = async (
  { method, url, headers, body }: TestBackend['seen'][number],
  { region = 'eu-west-1', service = 'lambda', sessionToken = undefined as string | undefined } = {},
): Promise<string | undefined> => {
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const signed = Object.fromEntries(names.split(';').map((name) => [name, String(headers[name])]));
  const [path = '', query = ''] = (url ?? '').split('?');
  const time = String(headers['x-amz-date']);
  const at = new Date(time.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));
  const credentials = {
    ...KEY,
    ...(sessionToken !== undefined && { accessKeyId: 'ASIATEMP', secretAccessKey: 'temporary', sessionToken }),
  };
  const signatures = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  const { headers: theirs } = await signatures.sign(
    {
      method: method ?? '',
      protocol: 'http:',
      hostname: 'ignored',
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: signed,
      body,
    },
    { signingDate: at },
  );
  return theirs['authorization'];
};

it('calls the function with the request as one signed object, and gives its result back', async () => {
  const backend = await functions((_request, reply) => reply.writeHead(200, { 'X-Amzn-RequestId': 'r' }).end('{"price":12}'));
  const gateway = await gatewayOf({ backend, operations: [lambdaOperation('POST', '/orders/{id}')] });

  const { status, headers, body } = await call(gateway, '/orders/a%20b?size=l&size=xl', {
    method: 'POST',
    body: '{"n":1}',
    headers: { 'X-A': 'b' },
  });

  const [seen] = backend.seen;
  expect({ status, type: headers['content-type'], id: headers['x-amzn-requestid'], body }).toEqual({
    status: 200,
    type: 'application/json',
    id: undefined,
    body: '{"price":12}',
  });
  expect(seen?.method).toBe('POST');
  expect(seen?.url).toBe(`/2015-03-31/functions/${encodeURIComponent(FUNCTION)}/invocations`);
  expect(JSON.parse(seen?.body ?? '')).toMatchObject({
    headers: { 'X-A': 'b' },
    pathParameters: { id: 'a b' },
    queryStringParameters: { size: 'xl' },
    httpMethod: 'POST',
    path: '/orders/{id}',
    body: '{"n":1}',
    isBase64Encoded: false,
  });
  expect(seen?.body).not.toContain('Bearer');
  expect(seen?.headers.authorization).toBe(seen && (await expectedAuthorization(seen)));
});

it.each([
  ['GET', undefined, false, undefined],
  ['HEAD', undefined, false, undefined],
  ['POST', undefined, false, '{}'],
  ['PUT', 'plain', true, Buffer.from('plain').toString('base64')],
  ['DELETE', undefined, true, Buffer.from('{}').toString('base64')],
] as const)('%s with the body %p, encoded: %p, hands over the body %p', async (method, body, isEncoded, expected) => {
  const backend = await functions((_request, reply) => reply.end('{}'));
  const gateway = await gatewayOf({ backend, operations: [lambdaOperation(method, '/orders', { isEncoded })] });

  const { status } = await call(gateway, '/orders', { method, ...(body !== undefined && { body }) });

  const sent = JSON.parse(backend.seen[0]?.body ?? '');
  expect(status).toBe(200);
  expect(sent).toMatchObject({ isBase64Encoded: isEncoded, pathParameters: {} });
  expect(sent.body).toBe(expected);
});

it('answers 400 without a body when the function cannot be called', async () => {
  const backend = await functions((_request, reply) => reply.writeHead(403).end('{"Message":"not yours"}'));
  const gateway = await gatewayOf({ backend, operations: [lambdaOperation('GET', '/orders')] });

  const answer = await call(gateway, '/orders');

  expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body: '' });
});

it('gives a function no more time than its operation says', async () => {
  const backend = await functions(() => undefined);
  const gateway = await gatewayOf({ backend, operations: [lambdaOperation('GET', '/orders', { timeoutMs: 1_000 })] });

  const { status, body } = await call(gateway, '/orders');

  expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 500, body: { code: '101504' } });
});

it('assumes a role with the stored key, once for all requests', async () => {
  let asked = 0;
  const sts = createServer((request, reply) => {
    asked += 1;
    request.resume().on('end', () =>
      reply
        .writeHead(200, { 'Content-Type': 'text/xml' })
        .end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <Credentials><AccessKeyId>ASIATEMP</AccessKeyId><SecretAccessKey>temporary</SecretAccessKey><SessionToken>session</SessionToken>
        <Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`),
    );
  });
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => sts.close(() => resolve())));
  const backend = await functions((_request, reply) => reply.end('{}'));
  const role = { arn: 'arn:aws:iam::123456789012:role/pizza', sessionName: 'pizza', region: 'eu-west-1' };
  const gateway = await gatewayOf({
    backend,
    operations: [lambdaOperation('GET', '/orders')],
    security: awsSecurity({ role }),
    // An address of a listening server is never a pipe's name.
    stsUrl: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
  });

  await Promise.all([call(gateway, '/orders'), call(gateway, '/orders')]);
  await call(gateway, '/orders');

  expect(asked).toBe(1);
  expect(backend.seen).toHaveLength(3);
  for (const seen of backend.seen) {
    expect(seen.headers['x-amz-security-token']).toBe('session');
    expect(seen.headers.authorization).toBe(await expectedAuthorization(seen, { sessionToken: 'session' }));
  }
});

it('answers 400 while no credentials are to be had, and says why in the log', async () => {
  const backend = await functions((_request, reply) => reply.end('{}'));
  const role = { arn: 'arn:aws:iam::123456789012:role/pizza', sessionName: 'pizza', region: 'eu-west-1' };
  const security = awsSecurity({ role });
  const gateway = await gatewayOf({ backend, operations: [lambdaOperation('GET', '/orders')], security, stsUrl: 'http://127.0.0.1:9' });

  const answer = await call(gateway, '/orders');

  expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body: '' });
  expect(gateway.messages).toContainEqual(expect.objectContaining({ type: 'warning', message: 'no AWS credentials for a backend' }));
  expect(backend.seen).toHaveLength(0);
});

it('signs what goes to any other service with the body it sends', async () => {
  const backend = await functions((_request, reply) => reply.end('ok'));
  const security = awsSecurity({ service: 'bedrock', region: 'us-east-1' });
  const production = { url: `${backend.url}/model`, onTimeout: 'fault' as const, timeoutMs: null, security };
  const rows = [
    ...subscriber(signer),
    apiRow(backend.url, { operations: [operation('POST', '/*')], endpoints: { production, sandbox: null } }),
  ];
  const gateway = await TestGateway.start(rows);
  cleanups.push(() => gateway.stop());

  const { status } = await call(gateway, '/invoke?a=b%20c', { method: 'POST', body: 'prompt', headers: { 'Content-Type': 'text/plain' } });

  const [seen] = backend.seen;
  expect(status).toBe(200);
  expect(seen).toMatchObject({ url: '/model/invoke?a=b%20c', body: 'prompt' });
  expect(seen?.headers.authorization).toContain('us-east-1/bedrock/aws4_request');
  expect(seen?.headers.authorization).toBe(seen && (await expectedAuthorization(seen, { region: 'us-east-1', service: 'bedrock' })));
});

it('passes the function’s answer through the policies of responses', async () => {
  const backend = await functions((_request, reply) => reply.end('{}'));
  const policies = {
    request: [],
    response: [{ name: 'addHeader', version: 'v3', isBuiltIn: true, parameters: { headerName: 'X-A', headerValue: 'b' } }],
    fault: [],
  };
  const gateway = await gatewayOf({ backend, operations: [{ ...lambdaOperation('GET', '/orders'), policies }] });

  const { headers } = await call(gateway, '/orders');

  expect(headers['x-a']).toBe('b');
});

it('sends nothing to AWS that no operation has a function for', async () => {
  const backend = await functions((_request, reply) => reply.end('{}'));
  const gateway = await gatewayOf({ backend, operations: [operation('GET', '/*')] });

  const { status, body } = await call(gateway, '/2015-03-31/functions/');

  expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 500, body: { code: '303001' } });
  expect(backend.seen).toHaveLength(0);
});
