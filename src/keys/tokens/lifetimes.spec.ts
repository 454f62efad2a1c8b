import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { SERVER_LIFETIMES } from '../clients/oauth-client.js';
import { lifetimesOf, NEVER_SECONDS, secondsOf } from './lifetimes.js';

it.each([
  ['30', 30],
  ['30s', 30],
  ['5m', 300],
  ['2h', 7_200],
  ['1d', 86_400],
] as const)('%s is %d seconds', (text, seconds) => expect(secondsOf(text)).toBe(seconds));

it('takes the server’s lives where the client sets none', () =>
  expect(lifetimesOf({ lifetimes: SERVER_LIFETIMES }, new OauthConfig())).toEqual({
    application: 3_600,
    user: 3_600,
    refresh: 86_400,
    id: 3_600,
  }));

it('prefers the client’s own, and reads zero and negative ones as never', () =>
  expect(lifetimesOf({ lifetimes: { application: 60, user: -1, refresh: 0, id: 9 } }, new OauthConfig())).toEqual({
    application: 60,
    user: NEVER_SECONDS,
    refresh: NEVER_SECONDS,
    id: 9,
  }));
