import { type Outbound, OutboundError, type OutboundRequest } from '../../platform/outbound/outbound.js';
import type { ConnectedKeyManager } from './connector.js';
import { introspect } from './introspection.js';

const keyManager = (properties: ConnectedKeyManager['properties']) =>
  ({
    introspectionEndpoint: 'https://idp.test/introspect',
    consumerKeyClaim: 'azp',
    scopesClaim: 'scope',
    properties,
  }) as ConnectedKeyManager; // nothing else is read

const answering = (status: number, body: string) => {
  const seen: OutboundRequest[] = [];
  const send = async (_: string, request: OutboundRequest) => {
    seen.push(request);
    return { status, mediaType: '', body: Buffer.from(body) };
  };
  return { seen, outbound: { send } as unknown as Outbound }; // the one method that is called
};

it.each([
  ['a client', { client_id: 'a:b', client_secret: 'c d' }, 'a%3Ab:c+d'],
  ['the client of the connection', { management_client_id: 'a', management_client_secret: 's!' }, 'a:s%21'],
  ['the user of the connection', { management_username: 'root', management_password: 'p!s +' }, 'root:p!s +'],
  ['an administrator', { Username: 'admin', Password: 'p@ss!' }, 'admin:p@ss!'],
  ['a client before a user', { username: 'u', password: 'p', client_id: 'c', client_secret: 's' }, 'c:s'],
])('asks as %s', async (_, properties, pair) => {
  const { seen, outbound } = answering(200, '{"active":true,"client_id":"c1","scope":"a b"}');

  expect(await introspect(outbound, keyManager(properties), 't')).toMatchObject({ active: true, clientId: 'c1', scopes: ['a', 'b'] });

  expect(seen[0]?.headers).toMatchObject({ authorization: `Basic ${btoa(pair)}` });
});

it('asks as nobody where there is no credential', async () => {
  const { seen, outbound } = answering(200, '{"active":false,"client_id":"c1"}');

  expect(await introspect(outbound, keyManager({}), 't')).toMatchObject({ active: false, clientId: '' });

  expect(seen[0]?.headers).not.toHaveProperty('authorization');
});

it.each([
  [401, '{}', 'answered with 401'],
  [200, '<html>', 'no JSON object'],
  [200, '[]', 'no JSON object'],
])('fails on %d %s', async (status, body, words) => {
  await expect(introspect(answering(status, body).outbound, keyManager({}), 't')).rejects.toThrow(words);
});

it('fails when nobody answers', async () => {
  const outbound = { send: () => Promise.reject(new OutboundError('nobody there')) } as unknown as Outbound; // the one method that is called

  await expect(introspect(outbound, keyManager({}), 't')).rejects.toThrow('nobody there');
});
