import type { UserName } from '../../domain/organization.js';

/** Lives of a client's tokens in seconds; null takes the server's, a negative number never ends. */
export interface TokenLifetimes {
  readonly application: number | null;
  readonly user: number | null;
  readonly refresh: number | null;
  readonly id: number | null;
}

export const SERVER_LIFETIMES: TokenLifetimes = { application: null, user: null, refresh: null, id: null };

/** What no query asks for, kept as one document. */
export interface ClientSettings {
  readonly lifetimes: TokenLifetimes;
  readonly pkceMandatory: boolean;
  readonly pkceSupportPlain: boolean;
  /** A public client: it may leave its secret out. */
  readonly bypassClientCredentials: boolean;
  /** Its users are not asked whether it may act for them: an administrator registered it through client registration. */
  readonly skipConsent: boolean;
  /** Application scopes: granted on request whatever the roles are. */
  readonly scopes: readonly string[];
  /** What stands in `aud` besides the client id. */
  readonly audiences?: readonly string[];
  /** The owner's tenant where it is another than the client's: an application of that one uses the APIs of this one. */
  readonly ownerOrganization?: string;
  /** An administrator took it out of use: it gets no tokens until it is put back, and those it had are dead. */
  readonly isRevoked?: boolean;
}

export interface ClientRegistration extends Partial<ClientSettings> {
  /** The owner's user name, without the tenant. */
  readonly owner: string;
  /** Unique in the organization. */
  readonly name: string;
  readonly displayName?: string;
  /** Kept as sent, also those the server does not know. */
  readonly grantTypes: readonly string[];
  /** A URL, `regexp=<pattern>`, or empty. */
  readonly callbackUrl?: string;
  /** Users of every tenant may log in through it. */
  readonly saas?: boolean;
  readonly tokenType?: string;
}

export interface OAuthClient extends ClientSettings {
  readonly clientId: string;
  readonly organization: string;
  readonly name: string;
  readonly displayName: string;
  readonly owner: string;
  readonly grantTypes: readonly string[];
  readonly callbackUrl: string;
  readonly saas: boolean;
  readonly tokenType: string;
}

/** Whose a client is; the same name in another tenant is somebody else's. */
export const ownerOf = ({
  owner,
  organization,
  ownerOrganization,
}: Pick<OAuthClient, 'owner' | 'organization' | 'ownerOrganization'>): UserName => ({
  name: owner,
  organization: ownerOrganization ?? organization,
});

export const isOwnedBy = (
  client: Pick<OAuthClient, 'owner' | 'organization' | 'ownerOrganization'>,
  { name, organization }: UserName,
): boolean => {
  const owner = ownerOf(client);
  return owner.organization === organization && owner.name.toLowerCase() === name.toLowerCase();
};

export interface ClientSecret {
  readonly id: string;
  readonly description: string;
  /** In plain text: whoever shows it decides on masking. Null where only its hash is kept. */
  readonly secret: string | null;
  readonly expiresAt: Date | null;
}

/** A secret in the answer that makes it, the only one that shows it where hashes are kept. */
export interface NewClientSecret extends ClientSecret {
  readonly secret: string;
}

export interface ClientCredentials {
  readonly clientId: string;
  readonly secret: NewClientSecret;
}
