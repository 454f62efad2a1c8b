import { type Actor, expected, requestToken } from '../support/actor.js';
import { contentsOf, exportOf, importOf, written } from '../support/application-archives.js';
import { type GivenApplication, given } from '../support/given.js';
import { startIdentityProvider } from '../support/identity-provider.js';
import { unique } from '../support/unique.js';

const APPLICATION = '/applications/{applicationId}';

const remove = async (by: Actor, { applicationId }: Pick<GivenApplication, 'applicationId'>) =>
  expected(await by.devportal(`DELETE ${APPLICATION}`, { path: { applicationId } }), 200);

describe('keys in the archive of an application', () => {
  it('come back mapped to the client at the outside key manager, with the secret that is known of it', async () => {
    const provider = await startIdentityProvider();
    try {
      const { admin } = await given.organization();
      const manager = {
        ...{ name: unique('Idp'), type: 'oidc', issuer: provider.issuer, tokenEndpoint: provider.tokenEndpoint },
        ...{ clientRegistrationEndpoint: provider.registrationEndpoint },
        ...{ enableOAuthAppCreation: true, enableTokenGeneration: true, enableMapOAuthConsumerApps: true, enabled: true },
        additionalProperties: { registration_authentication: 'InitialAccessToken', initial_access_token: provider.initialAccessToken },
      };
      expected(await admin.admin('POST /key-managers', { body: manager }), 201);
      const application = await given.application(admin);
      const path = { applicationId: application.applicationId };
      const client = { consumerKey: unique('client'), consumerSecret: 'correct-horse', keyType: 'SANDBOX', keyManager: manager.name };
      expected(await admin.devportal(`POST ${APPLICATION}/map-keys`, { path, body: client }), 200);
      const before = await exportOf(admin, application.name, { withKeys: true });
      await remove(admin, application);

      expect((await importOf(admin, before)).status).toBe(201);
      expect((await importOf(admin, before, { update: true })).status).toBe(201);

      const after = await contentsOf(await exportOf(admin, application.name, { withKeys: true }));
      expect(after).toEqual(await contentsOf(before));
      const secret = Buffer.from(client.consumerSecret).toString('base64');
      const key = { consumerKey: client.consumerKey, mode: 'MAPPED', keyManager: manager.name, consumerSecret: secret };
      expect(after.data.applicationInfo.keys).toMatchObject([key]);
    } finally {
      await provider.close();
    }
  });

  it('are changed in place by an update', async () => {
    const { admin } = await given.organization();
    const application = await given.application(admin);
    const keys = await given.keys(application, { by: admin });
    const { data } = await contentsOf(await exportOf(admin, application.name, { withKeys: true }));
    const [key] = data.applicationInfo.keys;
    const changed = { ...key, supportedGrantTypes: ['password'], additionalProperties: { pkceMandatory: true } };
    const archive = written({ ...data.applicationInfo, keys: [changed] });

    expect((await importOf(admin, archive, { update: true })).status).toBe(201);

    const path = { applicationId: application.applicationId, keyMappingId: keys.keyMappingId };
    const { body } = await admin.devportal(`GET ${APPLICATION}/oauth-keys/{keyMappingId}`, { path });
    expect(body).toMatchObject({ supportedGrantTypes: ['password'], additionalProperties: { pkceMandatory: true } });
    const client = { clientId: keys.consumerKey, clientSecret: keys.consumerSecret };
    expect((await requestToken(client, { grant_type: 'client_credentials' })).status).toBe(400);
  });
});
