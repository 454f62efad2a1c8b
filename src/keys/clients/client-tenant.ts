import type { OAuthClient } from './oauth-client.js';

/** Whether the client may be addressed below a tenant's prefix: its own tenant's, or any if it serves them all; `undefined` is no prefix. */
export const isReachedThrough = (tenant: string | undefined, { organization, saas }: OAuthClient): boolean =>
  tenant === undefined || saas || organization === tenant;
