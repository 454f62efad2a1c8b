import { SUPER_TENANT } from '../../domain/organization.js';
import type { OAuthClient } from './oauth-client.js';

/** A name without a tenant belongs to the client's own tenant, unless the client serves them all. */
export const loginNameOf = (client: OAuthClient, username: string): string =>
  client.saas || client.organization === SUPER_TENANT || username.includes('@') ? username : `${username}@${client.organization}`;
