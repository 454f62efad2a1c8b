import type { OAuthClient } from '../support/actor.js';
import { expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { type GivenApplication, type GivenKeys, given } from '../support/given.js';
import { unique } from '../support/unique.js';
import { introspect, partsOf, passwordTokens, register, tokenOf, useAtRestApi } from './oauth.js';

const clientOf = ({ consumerKey, consumerSecret }: GivenKeys): OAuthClient => ({ clientId: consumerKey, clientSecret: consumerSecret });
const OWN_TOKEN = { grant_type: 'client_credentials' };

/** An application with keys whose additional properties are these. */
const applicationWith = async (
  additionalProperties: object = {},
): Promise<{ application: GivenApplication; keys: GivenKeys; client: OAuthClient }> => {
  const application = await given.application();
  const keys = await given.keys(application, { with: { additionalProperties } });
  return { application, keys, client: clientOf(keys) };
};

describe('the life of a token', () => {
  it('is the client’s own, and ends', async () => {
    const { client } = await applicationWith({ application_access_token_expiry_time: '1' });
    const { body } = await tokenOf(client, { ...OWN_TOKEN, scope: 'apim:api_view' });

    expect(body.expires_in).toBe(1);
    await eventually(
      () => useAtRestApi(body.access_token),
      ({ status }) => status === 401,
    );
    expect(await introspect(body.access_token)).toEqual({ active: false });
  });

  it('has no end when the developer asks for -1', async () => {
    const { application, keys } = await applicationWith();

    const { body } = await given.superAdmin.devportal<{ accessToken: string }>(
      'POST /applications/{applicationId}/oauth-keys/{keyMappingId}/generate-token',
      {
        path: { applicationId: application.applicationId, keyMappingId: keys.keyMappingId },
        body: { consumerSecret: keys.consumerSecret, validityPeriod: -1, scopes: ['apim:api_view'] },
      },
    );

    expect(partsOf(body.accessToken).claims.exp).toBeUndefined();
    expect((await useAtRestApi(body.accessToken)).status).toBe(200);
    expect(await introspect(body.accessToken)).toMatchObject({ active: true });
  });
});

describe('a client', () => {
  it('opens no scope that the roles of its owner do not open, whatever it says its own scopes are', async () => {
    const name = unique('write');
    const { admin } = await given.organization();
    const role = unique('writers').toLowerCase();
    expected(await admin.scim('POST /Groups', { body: { displayName: role } }), 201);
    await given.api({ by: admin, with: { scopes: [{ scope: { name, displayName: name, bindings: [role] } }] } });
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const application = await given.application(ann);

    const keys = await given.keys(application, { by: ann, with: { additionalProperties: { application_scopes: [name] } } });

    const { body } = await tokenOf(clientOf(keys), { ...OWN_TOKEN, scope: name });
    expect(body.scope).toBe('default');
  });

  it('may have several secrets, which all stand for the same application', async () => {
    const { application, keys, client } = await applicationWith();
    const path = { applicationId: application.applicationId, keyMappingId: keys.keyMappingId };
    const made = await given.superAdmin.devportal<{ secretValue: string }>(
      'POST /applications/{applicationId}/oauth-keys/{keyMappingId}/generate-secret',
      { path, body: { additionalProperties: { description: 'second' } } },
    );
    const second = { ...client, clientSecret: expected(made, 200, 201).secretValue };

    const [one, other] = [await tokenOf(client, OWN_TOKEN), await tokenOf(second, OWN_TOKEN)];
    const listed = await given.superAdmin.devportal<{ list: readonly { secretId: string }[] }>(
      'GET /applications/{applicationId}/oauth-keys/{keyMappingId}/secrets',
      { path },
    );
    const secretId = listed.body.list[0]?.secretId;
    const revoked = await given.superAdmin.devportal('POST /applications/{applicationId}/oauth-keys/{keyMappingId}/revoke-secret', {
      path,
      body: { secretId },
    });

    expect(partsOf(one.body.access_token).claims.sub).toBe(partsOf(other.body.access_token).claims.sub);
    expect(revoked.status).toBe(204);
    expect([(await tokenOf(client, OWN_TOKEN)).status, (await tokenOf(second, OWN_TOKEN)).status]).toEqual([401, 200]);
  });

  it('dies with its keys, and its tokens with it', async () => {
    const { application, client } = await applicationWith();
    const { body } = await tokenOf(client, { ...OWN_TOKEN, scope: 'apim:api_view' });

    expected(
      await given.superAdmin.devportal('DELETE /applications/{applicationId}', { path: { applicationId: application.applicationId } }),
      200,
    );

    expect((await tokenOf(client, OWN_TOKEN)).status).toBe(401);
    expect(await introspect(body.access_token)).toEqual({ active: false });
    expect((await useAtRestApi(body.access_token)).status).toBe(401);
  });

  it('that is public needs no secret for a user’s token, may not send a wrong one, and gets none of its own', async () => {
    const { client } = await applicationWith({ bypassClientCredentials: true });
    const nobody = { ...client, clientSecret: '' };
    const login = { grant_type: 'password', username: given.superAdmin.username, password: given.superAdmin.password };

    expect((await tokenOf(nobody, login)).status).toBe(200);
    expect((await tokenOf(client, login)).status).toBe(200);
    expect((await tokenOf({ ...client, clientSecret: 'wrong' }, login)).status).toBe(401);
    expect(await tokenOf(nobody, OWN_TOKEN)).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
  });
});

describe('a changed password', () => {
  it('kills the user’s tokens, and lets new ones live at once', async () => {
    const user = await given.user({ roles: ['Internal/creator'] });
    const client = await register();
    const before = await passwordTokens(client, user);
    const id = partsOf(before.access_token).claims.sub;

    const Operations = [{ op: 'replace', value: { password: 'An0therOne' } }];
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    expected(await given.superAdmin.scim('PATCH /Users/{id}', { path: { id }, body: { schemas, Operations } }), 200);
    const after = await passwordTokens(client, { username: user.username, password: 'An0therOne' });

    expect((await useAtRestApi(before.access_token)).status).toBe(401);
    expect((await tokenOf(client, { grant_type: 'refresh_token', refresh_token: before.refresh_token })).status).toBe(400);
    expect((await useAtRestApi(after.access_token)).status).toBe(200);
  });
});
