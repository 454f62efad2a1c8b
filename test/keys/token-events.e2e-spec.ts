import { expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { introspect, partsOf, register, tokenOf } from './oauth.js';
import { OutsideIdp } from './outside-idp.js';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

const headers = { 'x-wso2-key-manager': 'default' };
const { superAdmin } = given;
const notify = (body: unknown, as = superAdmin) => as.internalData('POST /notify', { headers, body });

const eventOf = (token: string, changes: object = {}) => {
  const { jti, exp } = partsOf(token).claims;
  return { type: 'token_revocation', accessToken: jti, expiryTime: String(exp * 1_000), tokenType: 'JWT', tenantId: -1234, ...changes };
};

describe('a key manager’s word that a token was revoked', () => {
  it('reaches the gateway within a second', async () => {
    const { api, token } = await given.subscriber({ backend: await given.backend() });

    expected(await notify(eventOf(token, { tenantDomain: 'carbon.super', eventId: 'e1', user: 'ann', consumerKey: 'k' })), 200);

    const refused = await eventually(
      () => gateway(`${api.url}/`, { token }),
      ({ status }) => status === 401,
      1_000,
    );
    expect(refused.body).toMatchObject({ code: '900901' });
    expect(await introspect(token)).toEqual({ active: false });
  });

  it('is understood as plain text too', async () => {
    const { token } = await given.subscriber({ backend: await given.backend() });

    const answer = await superAdmin.internalData('POST /notify', {
      headers: { ...headers, 'content-type': 'text/plain' },
      raw: JSON.stringify(eventOf(token)),
    });

    expect(answer.status).toBe(200);
    expect(await introspect(token)).toEqual({ active: false });
  });

  it('may name a client, all of whose tokens die', async () => {
    const { token } = await given.subscriber({ backend: await given.backend() });

    await notify({ type: 'consumer_app_revocation_event', consumerKey: String(partsOf(token).claims['azp']) });

    expect(await introspect(token)).toEqual({ active: false });
  });

  it('counts in the sender’s own tenant alone', async () => {
    const { admin, domain } = await given.organization();
    const { api, token } = await given.subscriber({ backend: await given.backend() });

    expect((await notify(eventOf(token, { tenantDomain: 'carbon.super' }), admin)).status).toBe(404);
    expect((await notify(eventOf(token, { tenantDomain: 'no.such' }))).status).toBe(404);
    expect((await notify(eventOf(token, { tenantDomain: domain }))).status).toBe(200);
    expect((await notify({ type: 'consumer_app_revocation_event', consumerKey: String(partsOf(token).claims['azp']) }, admin)).status).toBe(
      200,
    );
    const { sub } = partsOf(await superAdmin.token()).claims;
    expect((await notify({ type: 'subject_entity_revocation_event', entityId: sub }, admin)).status).toBe(404);

    expect((await gateway(`${api.url}/`, { token })).status).toBe(200);
    expect(await introspect(token)).toMatchObject({ active: true });
  });

  it('does not end the users of outside issuers whom another tenant trusts', async () => {
    const [{ admin }, idp] = [await given.organization(), await OutsideIdp.start()];
    await idp.trustedIn('carbon.super', { tokenType: 'BOTH' });
    const form = { grant_type: EXCHANGE, subject_token: await idp.jwt(), subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' };
    const { access_token } = expected(await tokenOf(await register({ grantType: EXCHANGE }), form), 200);
    const event = { type: 'subject_entity_revocation_event', entityId: String(partsOf(access_token).claims['entity_id']) };

    expect((await notify(event, admin)).status).toBe(404);
    expect(await introspect(access_token)).toMatchObject({ active: true });
    expect((await notify(event)).status).toBe(200);
    expect(await introspect(access_token)).toEqual({ active: false });
  });

  it('is believed of administrators only, and must make sense', async () => {
    const user = await given.user();

    expect((await notify({ type: 'token_revocation', accessToken: 'x' }, user)).status).toBe(401);
    expect((await notify({ type: 'something' })).status).toBe(400);
    expect((await superAdmin.internalData('POST /notify', { headers, raw: '{' })).status).toBe(400);
    expect((await superAdmin.internalData('POST /notify', { body: { type: 'token_revocation', accessToken: 'x' } })).status).toBe(400);
  });
});
