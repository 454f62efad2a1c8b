import type { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { TokenLifetimes } from '../clients/oauth-client.js';

/** What stands for "never" where a number of seconds is needed. */
export const NEVER_SECONDS = 2_147_483_647;

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

export const epochSeconds = (): number => Math.floor(Date.now() / 1000);

/** Seconds of `30`, `30s`, `5m`, `1h` or `1d`. */
export const secondsOf = (text: string): number => {
  const [, number = '0', unit = 's'] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  return Number(number) * (UNIT_SECONDS[unit] ?? 1);
};

/** How long the tokens of a client live, in seconds: its own settings, else the server's. Zero and negative numbers mean never. */
export const lifetimesOf = (client: { readonly lifetimes: TokenLifetimes }, config: OauthConfig) => {
  const { appAccessTokenValidity, userAccessTokenValidity, refreshTokenValidity, idTokenValidity } = config.tokenValidation;
  return {
    application: endless(client.lifetimes.application ?? appAccessTokenValidity),
    user: endless(client.lifetimes.user ?? userAccessTokenValidity),
    refresh: endless(client.lifetimes.refresh ?? secondsOf(refreshTokenValidity)),
    id: endless(client.lifetimes.id ?? idTokenValidity),
  };
};

export const endless = (seconds: number): number => (seconds > 0 ? Math.min(seconds, NEVER_SECONDS) : NEVER_SECONDS);
