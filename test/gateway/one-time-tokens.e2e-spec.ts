import { OAuthServer } from '../server/oauth-server.js';
import { eventually } from '../support/eventually.js';

let server: OAuthServer;
afterAll(() => server.stop());

it('a one-time token that one worker has served is refused by all of them', async () => {
  server = await OAuthServer.start({ APIM_GATEWAY__WORKERS: '3' });
  const apiPolicies = { request: [{ policyName: 'revokeOneTimeToken', policyVersion: 'v1', parameters: { scope: 'OTT' } }] };
  const { path, client } = await server.subscriber({ apiPolicies });
  const tokenOf = async (scope: string) => (await server.token(client, { grant_type: 'client_credentials', scope })).body.access_token;
  const usual = await tokenOf('usual');
  await eventually(
    () => Promise.all(Array.from({ length: 12 }, () => server.atAnyWorker(path, usual))),
    (statuses) => statuses.every((status) => status === 200),
  );

  const once = await tokenOf('OTT');
  const first = await server.atAnyWorker(path, once);
  // What is on its way between the workers when the answer is there.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const later = await Promise.all(Array.from({ length: 24 }, () => server.atAnyWorker(path, once)));

  expect(first).toBe(200);
  expect(new Set(later)).toEqual(new Set([401]));
}, 60_000);
