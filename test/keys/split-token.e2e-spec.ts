import { Unauthenticated } from '../../src/domain/problem.js';
import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { passwordTokens, register } from './oauth.js';

const COOKIE = 'AM_ACC_TOKEN_DEFAULT_P2';

/** Cut as the portals cut it, at half its length. */
const halvesOf = (token: string): readonly [string, string] => {
  const middle = Math.floor(token.length / 2);
  return [token.slice(0, middle), token.slice(middle)];
};

const tokenFor = async (user: { readonly username: string; readonly password: string } = server.admin): Promise<string> =>
  (await passwordTokens(await register(), { username: user.username, password: user.password })).access_token;

const ask = (authorization: string | undefined, cookie: string) =>
  management.request('GET /api/am/publisher/v4/key-managers', { headers: { ...(authorization && { authorization }), cookie } });

describe('a token in two halves', () => {
  it('opens the REST APIs, whatever else the browser sends', async () => {
    const [first, second] = halvesOf(await tokenFor());

    expect((await ask(`Bearer ${first}`, `theme=dark; ${COOKIE}=${second}; lang=en`)).status).toBe(200);
  });

  it('is put together with the cookie that fits, where several have the name', async () => {
    const [[first, second], [, foreign]] = [halvesOf(await tokenFor()), halvesOf(await tokenFor())];

    expect((await ask(`Bearer ${first}`, `${COOKIE}=${foreign}; ${COOKIE}=x; ${COOKIE}=${second}`)).status).toBe(200);
  });

  it('gives nothing without the other half', async () => {
    const token = await tokenFor();
    const [first, second] = halvesOf(token);

    for (const [authorization, cookie] of [
      [`Bearer ${first}`, 'theme=dark'],
      [undefined, `${COOKIE}=${second}`],
      [undefined, `${COOKIE}=${token}`],
      ['Bearer ', `${COOKIE}=${token}`],
      [`Bearer ${second}`, `${COOKIE}=${first}`],
    ] as const) {
      expect(await ask(authorization, cookie)).toFailWith(Unauthenticated());
    }
  });

  it('is not made of halves of two people’s tokens', async () => {
    const ann = await given.user({ roles: ['Internal/creator'] });
    const [[annsFirst, annsSecond], [first, second]] = [halvesOf(await tokenFor(ann)), halvesOf(await tokenFor())];

    expect(await ask(`Bearer ${annsFirst}`, `${COOKIE}=${second}`)).toFailWith(Unauthenticated());
    expect(await ask(`Bearer ${first}`, `${COOKIE}=${annsSecond}`)).toFailWith(Unauthenticated());
  });

  it('does not take the shared API’s cookies anywhere else', async () => {
    const [first, second] = halvesOf(await tokenFor());

    const cookie = `AM_PUBLISHER_ACC_TOKEN_DEFAULT_P2=${second}; AM_ADMIN_ACC_TOKEN_DEFAULT_P2=${second}`;

    expect(await ask(`Bearer ${first}`, cookie)).toFailWith(Unauthenticated());
  });

  it('loses to a whole token in the header', async () => {
    const [token, [, other]] = [await tokenFor(), halvesOf(await tokenFor())];

    expect((await ask(`Bearer ${token}`, `${COOKIE}=${other}`)).status).toBe(200);
    expect(await ask(`Bearer ${token.slice(0, -4)}AAAA`, `${COOKIE}=${other}`)).toFailWith(Unauthenticated());
  });
});
