import { Agent, fetch } from 'undici';
import { Cli } from '../server/cli.js';
import type { OAuthClient } from '../support/actor.js';
import { unique } from '../support/unique.js';
import { asking, Browser, CALLBACK, sentBack } from './browser.js';
import { partsOf } from './oauth.js';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const ADMIN = { username: 'admin', password: 'admin' };
const insecure = new Agent({ connect: { rejectUnauthorized: false } });
let cli: Cli;

beforeAll(async () => {
  cli = await Cli.start({ APIM_OAUTH__GRANT_TYPE__IMPLICIT__ENABLE: 'true', APIM_OAUTH__GRANT_TYPE__DEVICE_CODE__ENABLE: 'false' });
});
afterAll(async () => {
  await cli.stop();
  await insecure.destroy();
});

const clientWith = async (grantType: string): Promise<OAuthClient> => {
  const registration = { clientName: unique('app'), owner: 'admin', grantType, callbackUrl: CALLBACK };
  return (await cli.post('/client-registration/v0.17/register', registration)).body as OAuthClient;
};

const post = async (client: OAuthClient, path: string, form: Readonly<Record<string, string>>) => {
  const answer = await fetch(cli.management + path, {
    method: 'POST',
    dispatcher: insecure,
    headers: { authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}` },
    body: new URLSearchParams(form),
  });
  return { status: answer.status, body: await answer.json() };
};

describe('with the implicit grant switched on', () => {
  it('an ID token in the fragment holds what the scopes show', async () => {
    const client = await clientWith('implicit');
    const asked = asking(client, { response_type: 'id_token', scope: 'openid profile groups', nonce: 'n-1' });

    const { id_token = '' } = sentBack(await new Browser(cli.management).arrive(asked, ADMIN));

    const { claims } = partsOf(id_token);
    expect(claims).toMatchObject({ nonce: 'n-1', preferred_username: 'admin', groups: ['admin'], updated_at: expect.any(Number) });
    expect(claims).not.toHaveProperty('roles');
    expect(claims).not.toHaveProperty('email');
  });
});

describe('with the device grant switched off', () => {
  it('nothing begins, nothing is redeemed, and discovery says so', async () => {
    const client = await clientWith(`${DEVICE} refresh_token`);

    const discovered = await fetch(`${cli.management}/oauth2/token/.well-known/openid-configuration`, { dispatcher: insecure });
    const document = (await discovered.json()) as Readonly<Record<string, unknown>>;

    const refusal = { status: 400, body: { error: 'unsupported_grant_type' } };
    expect(await post(client, '/oauth2/device_authorize', { scope: 'openid' })).toMatchObject(refusal);
    expect(await post(client, '/oauth2/token', { grant_type: DEVICE, device_code: 'x' })).toMatchObject(refusal);
    expect(document).not.toHaveProperty('device_authorization_endpoint');
    expect(document['grant_types_supported']).not.toContain(DEVICE);
    expect(document['response_types_supported']).toEqual(expect.arrayContaining(['code', 'id_token', 'token', 'code id_token']));
  });
});
