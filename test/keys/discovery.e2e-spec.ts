import { discovery, type ServerMetadata } from 'openid-client';
import { expected } from '../support/actor.js';
import { type Body, management } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { discovered, insecureFetch, register } from './oauth.js';

const documentAt = async (path: string): Promise<Body> => expected(await management.request(`GET ${path}`), 200);

describe('the discovery document', () => {
  it.each([
    '/oauth2/token/.well-known/openid-configuration',
    '/oauth2/oidcdiscovery/.well-known/openid-configuration',
    '/oauth2/token/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/oauth2/token',
    '/.well-known/openid-configuration/oauth2/token',
  ])('is at %s', async (path) => {
    expect(await documentAt(path)).toEqual(await documentAt('/oauth2/token/.well-known/openid-configuration'));
  });

  it('of a tenant is found in each way, too', async () => {
    const { domain } = await given.organization();
    const issuer = `${server.management}/t/${domain}/oauth2/token`;

    for (const path of [
      `/t/${domain}/oauth2/token/.well-known/openid-configuration`,
      `/t/${domain}/oauth2/oidcdiscovery/.well-known/openid-configuration`,
      `/.well-known/oauth-authorization-server/t/${domain}/oauth2/token`,
    ]) {
      expect(await documentAt(path)).toMatchObject({ issuer, jwks_uri: `${server.management}/t/${domain}/oauth2/jwks` });
    }
  });

  it.each([
    '/t/no-such.org/oauth2/token/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server/t/no-such.org/oauth2/token',
    '/.well-known/oauth-authorization-server/oauth2/tokens',
    '/.well-known/oauth-authorization-server/oauth2/token/more',
  ])('is not at %s', async (path) => expect((await management.request(`GET ${path}`)).status).toBe(404));

  it('satisfies a standard library, both ways', async () => {
    const client = await register();

    const configuration = await discovered(client);
    const plain = await discovery(new URL(`${server.management}/oauth2/token`), client.clientId, undefined, undefined, {
      algorithm: 'oauth2',
      ...insecureFetch,
    });

    expect(plain.serverMetadata()).toEqual(configuration.serverMetadata());
    expect(configuration.serverMetadata().supportsPKCE()).toBe(true);
  });

  it('lists only what answers', async () => {
    const document = (await documentAt('/oauth2/token/.well-known/openid-configuration')) as unknown as ServerMetadata;
    // Registration answers POST only, which its own tests see to.
    const urls = Object.entries(document).filter(([name]) => /_(endpoint|uri|iframe)$/.test(name) && name !== 'registration_endpoint');

    const answers = await Promise.all(
      urls.map(async ([name, url]) => [name, (await management.request(`GET ${new URL(String(url)).pathname}`)).status]),
    );

    expect(answers.filter(([, status]) => status === 404)).toEqual([]);
    expect(urls.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'authorization_endpoint',
        'token_endpoint',
        'userinfo_endpoint',
        'jwks_uri',
        'revocation_endpoint',
        'introspection_endpoint',
        'device_authorization_endpoint',
        'end_session_endpoint',
        'check_session_iframe',
      ]),
    );
  });

  it('lists grants that the token endpoint knows', async () => {
    const { grant_types_supported: grants } = await documentAt('/oauth2/token/.well-known/openid-configuration');
    const { clientId, clientSecret } = await register();

    for (const grant_type of grants as readonly string[]) {
      const { body } = await management.request('POST /oauth2/token', {
        as: { basic: { username: clientId, password: clientSecret } },
        urlencoded: { grant_type },
      });
      expect(body).not.toMatchObject({ error: 'unsupported_grant_type' });
    }
  });
});
