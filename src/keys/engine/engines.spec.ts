import { generateKeyPairSync } from 'node:crypto';
import { Config } from '../../platform/config/config.js';
import { Installation } from '../../platform/config/installation.js';
import { Events } from '../../platform/events/events.js';
import { Log } from '../../platform/logging/log.js';
import type { UserClaims } from '../claims/user-claims.service.js';
import { type OAuthClient, SERVER_LIFETIMES } from '../clients/oauth-client.js';
import type { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { parseJwt } from '../signing/jwt.js';
import type { SigningKeys } from '../signing/signing-keys.js';
import type { EngineRecords } from './engine-records.js';
import { Engines } from './engines.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const client: OAuthClient = {
  clientId: 'tool',
  organization: 'acme.com',
  name: 'tool',
  displayName: 'tool',
  owner: 'ann',
  grantTypes: ['password', 'authorization_code', 'no_such_grant'],
  callbackUrl: 'regexp=(https://a.com/cb|https://b.org/cb)',
  saas: false,
  tokenType: 'JWT',
  lifetimes: SERVER_LIFETIMES,
  pkceMandatory: false,
  pkceSupportPlain: false,
  bypassClientCredentials: false,
  skipConsent: false,
  scopes: [],
};

const enginesOf = (): Engines => {
  const config = new Config();
  const log = new Log(config.log);
  const installation = new Installation(config, { name: 'all-in-one', modules: new Set() }, '0'.repeat(64));
  // Only what an engine asks of them.
  const keys = { signerOf: async () => ({ kid: 'k1', thumbprint: { x5t: 'thumb' }, privateKey }) } as unknown as SigningKeys;
  const clients = {
    byClientId: async (id: string) => (id === client.clientId ? client : undefined),
    secretMatches: async (_: string, secret: string) => secret === 'right',
  } as unknown as OAuthClientsService;
  const claims = { ofId: async (id: string) => ({ sub: id }) } as unknown as UserClaims;
  const urls = new KeyManagerUrls(installation);
  const records = {} as unknown as EngineRecords;
  return new Engines(config.oauth, keys, clients, records, urls, claims, new Events(log), log);
};

describe('the engine of a tenant', () => {
  it('takes clients, their secrets and their callbacks from our store', async () => {
    const { provider } = await enginesOf().of('acme.com');

    const known = await provider.Client.find('tool');

    expect(await provider.Client.find('stranger')).toBeUndefined();
    expect([await known?.compareClientSecret('right'), await known?.compareClientSecret('wrong')]).toEqual([true, false]);
    expect([known?.redirectUriAllowed('https://b.org/cb'), known?.redirectUriAllowed('https://aXcom/cb')]).toEqual([true, false]);
    expect(known?.grantTypes).toEqual(['authorization_code']);
  });

  it('issues under the tenant’s name, with our claims and key', async () => {
    const { provider } = await enginesOf().of('acme.com');
    const known = await provider.Client.find('tool');
    if (!known) throw new Error('no client');
    const resourceServer = new provider.ResourceServer('r', {
      audience: 'tool',
      scope: '',
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'RS256' } },
    });

    const token = new provider.AccessToken({
      client: known,
      resourceServer,
      accountId: 'u1',
      grantId: 'g1',
      gty: 'password',
      scope: 'x',
      expiresIn: 60,
    });
    const jwt = parseJwt(await token.save());

    expect(jwt?.signedBy(publicKey)).toBe(true);
    expect(jwt?.header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: 'k1', x5t: 'thumb' });
    expect(jwt?.claims).toMatchObject({
      iss: 'https://localhost:9443/t/acme.com/oauth2/token',
      sub: 'u1',
      entity_id: 'u1',
      aut: 'APPLICATION_USER',
      scope: 'x',
    });
    expect(Number(jwt?.claims['exp']) - Number(jwt?.claims['iat'])).toBe(60);
  });

  it('is made once for requests at the same moment', async () => {
    const engines = enginesOf();

    const [one, other] = await Promise.all([engines.of('acme.com'), engines.of('acme.com')]);

    expect(one).toBe(other);
  });
});
