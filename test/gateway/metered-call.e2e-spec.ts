import { createSign, generateKeyPairSync } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

const parts = (token: string): [string, string, string] => {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return [header, claims, signature];
};
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (text: string): Record<string, unknown> => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));

const WWW_AUTHENTICATE =
  'Internal API Key realm="WSO2 API Manager", Bearer realm="WSO2 API Manager", error="invalid_token", error_description="The provided token is invalid"';

describe('the whole way', () => {
  it('brings a subscribed application to the backend, without its token', async () => {
    const backend = await given.backend((_, response) =>
      response.writeHead(200, { 'Content-Type': 'application/json', 'X-Own': 'yes' }).end('{"ok":true}'),
    );
    const { api, token } = await given.subscriber({ backend });

    const answer = await gateway(`${api.url}/some/path?q=1%2B1&q=2`, { token });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ok: true });
    const received = backend.requests.at(-1);
    expect(received?.url).toBe('/some/path?q=1%2B1&q=2');
    expect(received?.headers.authorization).toBeUndefined();
  });

  it('carries a body both ways', async () => {
    const backend = await given.backend((request, response) => request.pipe(response.writeHead(201, { 'content-type': 'text/plain' })));
    const { api, token } = await given.subscriber({ backend, probe: false });
    const text = 'x'.repeat(1_000_000);

    const answer = await eventually(
      () => gateway<string>(`${api.url}/echo`, { token, method: 'POST', raw: text, headers: { 'content-type': 'text/plain' } }),
      ({ status }) => status === 201,
    );

    expect(answer.body).toBe(text);
  });
});

describe('a credential that is none', () => {
  it('is asked for: 900902', async () => {
    const api = await given.publishedApi();

    const answer = await gateway(`${api.url}/x`);

    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: '900902', message: 'Missing Credentials' });
    expect(answer.headers['www-authenticate']).toBe(WWW_AUTHENTICATE);
  });

  it.each<[string, (token: string) => string]>([
    ['no token at all', () => 'abc'],
    [
      'tampered claims',
      (token) => {
        const [h, c, s] = parts(token);
        return `${h}.${encoded({ ...decoded(c), scope: 'admin' })}.${s}`;
      },
    ],
    ['a cut signature', (token) => token.slice(0, -4)],
    ['alg none', (token) => `${encoded({ alg: 'none', typ: 'at+jwt' })}.${parts(token)[1]}.`],
    [
      'a foreign signer with our key id',
      (token) => {
        const [h, c] = parts(token);
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        return `${h}.${c}.${createSign('RSA-SHA256').update(`${h}.${c}`).sign(privateKey).toString('base64url')}`;
      },
    ],
    [
      'an issuer nobody knows',
      (token) => {
        const [h, c, s] = parts(token);
        return `${h}.${encoded({ ...decoded(c), iss: 'https://other/token' })}.${s}`;
      },
    ],
  ])('%s: 900901', async (_, spoiled) => {
    const { api, token } = await given.subscriber({ backend: await given.backend() });

    const answer = await gateway(`${api.url}/x`, { token: spoiled(token) });

    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: '900901', message: 'Invalid Credentials' });
    expect(JSON.stringify(answer.body)).not.toContain(api.context);
  });

  it('expired: 900901', async () => {
    const { api, keys, application } = await given.subscriber({ backend: await given.backend() });
    const short = await given.superAdmin.devportal<{ accessToken: string }>(
      'POST /applications/{applicationId}/oauth-keys/{keyMappingId}/generate-token',
      {
        path: { applicationId: application.applicationId, keyMappingId: keys.keyMappingId },
        body: { consumerSecret: keys.consumerSecret, validityPeriod: 1, scopes: [], revokeToken: '', additionalProperties: {} },
      },
    );
    expect(short.status).toBe(200);

    const answer = await eventually(
      () => gateway(`${api.url}/x`, { token: short.body.accessToken }),
      ({ status }) => status === 401,
    );

    expect(answer.body).toMatchObject({ code: '900901' });
  });
});

describe('a subscription', () => {
  it('is needed: 900908', async () => {
    const { token } = await given.subscriber({ backend: await given.backend() });
    const other = await given.publishedApi();

    const answer = await gateway(`${other.url}/x`, { token });

    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      code: '900908',
      message: 'Resource forbidden ',
      description: 'User is NOT authorized to access the Resource. API Subscription validation failed.',
    });
  });

  it('ends with its removal', async () => {
    const { api, token, subscription } = await given.subscriber({ backend: await given.backend() });
    await given.superAdmin.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId: subscription.subscriptionId } });

    const answer = await eventually(
      () => gateway(`${api.url}/x`, { token }),
      ({ status }) => status === 403,
    );

    expect(answer.body).toMatchObject({ code: '900908' });
  });
});

describe('revocation', () => {
  it('reaches the gateway and stays', async () => {
    const { api, token, keys } = await given.subscriber({ backend: await given.backend() });
    const { management } = await import('../support/client.js');
    await management.request('POST /oauth2/revoke', {
      as: { basic: { username: keys.consumerKey, password: keys.consumerSecret } },
      urlencoded: { token },
    });

    const answer = await eventually(
      () => gateway(`${api.url}/x`, { token }),
      ({ status }) => status === 401,
    );

    expect(answer.body).toMatchObject({ code: '900901' });
    expect((await gateway(`${api.url}/x`, { token: await given.applicationToken(keys) })).status).toBe(200);
  });
});

describe('the life cycle at the gateway', () => {
  const change = (apiId: string, action: string) => given.superAdmin.publisher('POST /apis/change-lifecycle', { query: { apiId, action } });

  it('blocks and opens again', async () => {
    const { api, token } = await given.subscriber({ backend: await given.backend() });

    expect((await change(api.id, 'Block')).status).toBe(200);
    const blocked = await eventually(
      () => gateway(`${api.url}/x`),
      ({ status }) => status === 503,
    );
    expect((await change(api.id, 'Re-Publish')).status).toBe(200);
    const open = await eventually(
      () => gateway(`${api.url}/x`, { token }),
      ({ status }) => status === 200,
    );

    expect(blocked.body).toMatchObject({ code: '700700', type: 'API blocked' });
    expect(open.status).toBe(200);
  });

  it('takes a retired API away', async () => {
    const { api, token } = await given.subscriber({ backend: await given.backend() });
    await change(api.id, 'Deprecate');
    await change(api.id, 'Retire');

    const gone = await eventually(
      () => gateway(`${api.url}/x`, { token }),
      ({ status }) => status === 404,
    );

    expect(gone.body).toEqual({
      code: '404',
      type: 'Status report',
      message: 'Not Found',
      description: 'The requested resource is not available.',
    });
  });
});
