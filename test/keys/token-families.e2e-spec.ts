import { setTimeout as pause } from 'node:timers/promises';
import { expected } from '../support/actor.js';
import { introspect, partsOf, passwordTokens, register, type Tokens, tokenOf, useAtRestApi } from './oauth.js';

const RETRY_MS = 11_000;
const INACTIVE = { active: false };
const REFUSED = { status: 400, body: { error: 'invalid_grant' } };

const refreshed = async (client: Parameters<typeof tokenOf>[0], refresh_token: string): Promise<Tokens> =>
  expected(await tokenOf(client, { grant_type: 'refresh_token', refresh_token }), 200);

describe('a refresh token', () => {
  it('gives tokens whose ids show where they came from', async () => {
    const client = await register();
    const first = await passwordTokens(client);

    const second = await refreshed(client, first.refresh_token);

    const families = [first, second].flatMap(({ access_token, refresh_token }) =>
      [access_token, refresh_token].map((token) => partsOf(token).claims.jti.slice(0, 23)),
    );
    expect(new Set(families).size).toBe(1);
    const ids = [first, second].flatMap(({ access_token, refresh_token }) =>
      [access_token, refresh_token].map((t) => partsOf(t).claims.jti),
    );
    expect(new Set(ids).size).toBe(4);
  });

  it('that is used again at once is refused, and nobody loses anything: a client may have asked twice', async () => {
    const client = await register();
    const first = await passwordTokens(client);
    const ask = () => tokenOf(client, { grant_type: 'refresh_token', refresh_token: first.refresh_token });

    const answers = await Promise.all([ask(), ask(), ask()]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    const second = answers.find(({ status }) => status === 200)?.body;
    expect((await useAtRestApi(second?.access_token ?? '')).status).toBe(200);
    await refreshed(client, second?.refresh_token ?? '');
  });

  it('that is used again later ends everything that came of the login', async () => {
    const client = await register();
    const [first, other] = [await passwordTokens(client), await passwordTokens(client)];
    const second = await refreshed(client, first.refresh_token);
    const third = await refreshed(client, second.refresh_token);

    await pause(RETRY_MS);
    const replay = await tokenOf(client, { grant_type: 'refresh_token', refresh_token: first.refresh_token });

    expect(replay).toMatchObject(REFUSED);
    for (const { access_token, refresh_token } of [first, second, third]) {
      expect(await introspect(access_token)).toEqual(INACTIVE);
      expect(await tokenOf(client, { grant_type: 'refresh_token', refresh_token })).toMatchObject(REFUSED);
    }
    expect((await useAtRestApi(third.access_token)).status).toBe(401);
    // Another login of the same user through the same client has nothing to do with it.
    expect((await useAtRestApi(other.access_token)).status).toBe(200);
  });
});
