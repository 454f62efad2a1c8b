import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { ALL_SCOPES } from '../support/scopes.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';
import { register, tokenOf } from './oauth.js';

const { admin } = server;
const PATH = 'POST /client-registration/v0.17/register';
const asAdmin = { basic: admin };
const bodyFor = (owner: string | undefined, further: object = {}) => ({
  callbackUrl: 'www.example.com',
  clientName: unique('tool'),
  owner,
  grantType: 'client_credentials password refresh_token',
  saasApp: true,
  ...further,
});

describe('registering a client', () => {
  it('answers with its credentials, which work at once', async () => {
    const body = bodyFor(admin.username);

    const answer = await management.request<{ clientId: string; clientSecret: string; jsonString: string }>(PATH, { as: asAdmin, body });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      clientName: body.clientName,
      callBackURL: body.callbackUrl,
      isSaasApplication: true,
      appOwner: admin.username,
      jsonAppAttribute: '{}',
      applicationUUID: null,
      tokenType: 'DEFAULT',
    });
    expect(JSON.parse(answer.body.jsonString)).toEqual({
      grant_types: body.grantType,
      redirect_uris: body.callbackUrl,
      client_name: body.clientName,
    });
    expect((await tokenOf(answer.body, { grant_type: 'client_credentials' })).status).toBe(200);
  });

  it('answers with the same credentials for the same name, also to requests at the same moment', async () => {
    const body = bodyFor(admin.username);

    const answers = await Promise.all([1, 2, 3].map(() => management.request<{ clientId: string }>(PATH, { as: asAdmin, body })));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  });

  it('keeps a pattern of callbacks as it is, and drops redirecting grants where there is no callback', async () => {
    const pattern = 'regexp=(https://a.com/cb|https://b.org/cb)';
    const grantType = 'authorization_code implicit password';
    const send = (further: object) =>
      management.request<{ callBackURL: string; jsonString: string }>(PATH, { as: asAdmin, body: bodyFor(admin.username, further) });

    const [withPattern, without] = [await send({ callbackUrl: pattern, grantType }), await send({ callbackUrl: ' ', grantType })];

    expect(withPattern.body.callBackURL).toBe(pattern);
    expect(JSON.parse(withPattern.body.jsonString).grant_types).toBe(grantType);
    expect(JSON.parse(without.body.jsonString).grant_types).toBe('password');
  });

  it('is open to every user with a password, and to a token with its scope', async () => {
    const user = await given.user();
    const token = (await tokenOf(await register(), { grant_type: 'password', ...admin, scope: ALL_SCOPES.join(' ') })).body.access_token;

    expect((await management.request(PATH, { as: user.basic, body: bodyFor(user.username) })).status).toBe(200);
    expect((await management.request(PATH, { as: { bearer: token }, body: bodyFor(admin.username) })).status).toBe(401);
  });

  it('lets the super administrator register for another user, and nobody else', async () => {
    const [ann, bob] = [await given.user(), await given.user()];

    const forAnn = await management.request<{ appOwner: string }>(PATH, { as: asAdmin, body: bodyFor(ann.username) });
    const forBob = await management.request(PATH, { as: ann.basic, body: bodyFor(bob.username) });
    const forNobody = await management.request(PATH, { as: asAdmin, body: bodyFor('nobody') });

    expect(forAnn.body.appOwner).toBe(ann.username);
    expect(forBob).toFailWith({
      status: 400,
      description: `Logged in user '${ann.username}' and application owner '${bob.username}' should be same.`,
    });
    expect(forNobody).toFailWith({ status: 403, description: 'User: nobody does not exist for application registration' });
  });

  it('refuses a name that belongs to somebody else', async () => {
    const user = await given.user();
    const body = bodyFor(admin.username);
    await management.request(PATH, { as: asAdmin, body });

    const answer = await management.request(PATH, { as: user.basic, body: { ...body, owner: user.username } });

    expect(answer).toFailWith({ status: 403, code: 403 });
  });

  it('keeps the names of tenants apart', async () => {
    const { admin: owner } = await given.organization();
    const body = bodyFor(admin.username);
    const first = await management.request<{ clientId: string }>(PATH, { as: asAdmin, body });

    const second = await management.request<{ clientId: string; appOwner: string }>(PATH, {
      as: owner.basic,
      body: { ...body, owner: owner.username },
    });

    expect(second.status).toBe(200);
    expect(second.body.clientId).not.toBe(first.body.clientId);
    expect(second.body.appOwner).toBe(owner.username);
  });

  it.each([
    ['an empty owner', bodyFor('  '), { status: 400, description: 'Application owner cannot be empty' }],
    ['no owner', bodyFor(undefined), { status: 400, description: 'Application owner cannot be empty' }],
    ['no name', bodyFor(admin.username, { clientName: undefined }), { status: 400 }],
    ['an empty name', bodyFor(admin.username, { clientName: '' }), { status: 400 }],
    ['a number as callback', bodyFor(admin.username, { callbackUrl: 1 }), { status: 400 }],
    ['a list', [], { status: 400 }],
  ])('refuses %s', async (_, body, problem) => expect(await management.request(PATH, { as: asAdmin, body })).toFailWith(problem));

  it('refuses malformed JSON, and a wrong password before it reads any', async () => {
    const malformed = { raw: '{"owner"', headers: { 'content-type': 'application/json' } };

    expect(await management.request(PATH, { as: asAdmin, ...malformed })).toFailWith({ status: 400 });
    expect(await management.request(PATH, { as: { basic: { ...admin, password: 'wrong' } }, ...malformed })).toFailWith({ status: 401 });
  });

  it('has no way back', async () => {
    const answer = await management.request('DELETE /client-registration/v0.17', { as: asAdmin, query: { applicationName: 'x' } });

    expect(answer).toFailWith({ status: 405 });
  });
});
