import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Problem } from '../../domain/problem.js';
import { RolesService } from '../../identity/roles/roles.service.js';
import { UsersService } from '../../identity/users/users.service.js';
import { type Account, Accounts } from '../../platform/auth/accounts.js';
import type { IdentityProviderConfig } from '../../platform/config/sections/outside-sign-in.config.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import type { OutsideIdentity } from './outside-identity.js';

/** Why a user whose identity is certain may not sign in. */
export type Refusal = 'outside.user.exists' | 'outside.user.unknown' | 'outside.user.unnamed' | 'outside.user.locked';

interface Link {
  readonly user_id: string;
  readonly provisioned: boolean;
}

const SUBJECT_LENGTH_MAX = 255;
const NAME_LENGTH_MAX = 30;
const VALUE_LENGTH_MAX = 1_024;

/** Which account here a user of an identity provider has: the one it is linked to, or a new one. */
@Injectable()
export class OutsideUsers {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly users: UsersService,
    private readonly roles: RolesService,
    private readonly accounts: Accounts,
  ) {}

  async accountOf(provider: IdentityProviderConfig, identity: OutsideIdentity): Promise<Account | Refusal> {
    if (identity.subject === '' || identity.subject.length > SUBJECT_LENGTH_MAX || !(await this.accounts.isActive(provider.tenant)))
      return 'outside.user.unknown';
    const link = (await this.linkOf(provider, identity.subject)) ?? (await this.firstLink(provider, identity));
    if (typeof link === 'string') return link;
    if (link.provisioned) await this.followRoles(provider, link.user_id, identity);
    return (await this.accounts.byId(link.user_id)) ?? 'outside.user.locked';
  }

  private async linkOf({ tenant, name }: IdentityProviderConfig, subject: string): Promise<Link | undefined> {
    const [link]: readonly Link[] = await this.database.query(
      'SELECT user_id, provisioned FROM outside_users WHERE organization = $1 AND provider = $2 AND subject = $3',
      [tenant, name, subject],
    );
    return link;
  }

  /** An account of the same name is somebody else's, unless the configuration says that it is not. */
  private async firstLink(provider: IdentityProviderConfig, identity: OutsideIdentity): Promise<Link | Refusal> {
    const name = nameOf(provider, identity);
    if (name === undefined) return 'outside.user.unnamed';
    const known = await this.users.byName(provider.tenant, name);
    if (known && !provider.linkExisting) return 'outside.user.exists';
    if (!known && !provider.provision) return 'outside.user.unknown';
    try {
      return known ? await this.link(provider, identity, known.id) : await this.made(provider, identity, name);
    } catch (err) {
      if (!(err instanceof Problem)) throw err;
      // Made in another window at the same moment, or nothing that an account can be called.
      return (await this.linkOf(provider, identity.subject)) ?? 'outside.user.unnamed';
    }
  }

  private async made(provider: IdentityProviderConfig, identity: OutsideIdentity, name: string): Promise<Link> {
    const user = { name, claims: claimsOf(provider, identity) };
    this.users.check(user);
    return this.transactions.run(async (tx) => {
      const { id } = await this.users.insert(tx, provider.tenant, user, null);
      return insertLink(tx, provider, identity.subject, { user_id: id, provisioned: true });
    });
  }

  private link(provider: IdentityProviderConfig, { subject }: OutsideIdentity, userId: string): Promise<Link> {
    return this.transactions.run((tx) => insertLink(tx, provider, subject, { user_id: userId, provisioned: false }));
  }

  /** Of the roles that the mapping knows, the account has those the provider names now; its other roles are the administrators' matter. */
  private async followRoles(
    { tenant, roleClaim, roleMapping }: IdentityProviderConfig,
    userId: string,
    { claims }: OutsideIdentity,
  ): Promise<void> {
    if (roleMapping.length === 0) return;
    const remote = new Set([Object.hasOwn(claims, roleClaim) ? claims[roleClaim] : []].flat());
    const wanted = new Set(roleMapping.filter((mapping) => remote.has(mapping.remote)).map(({ local }) => local.toLowerCase()));
    const held = new Set((await this.roles.namesOf(tenant, userId)).map((role) => role.toLowerCase()));
    const managed = [...new Set(roleMapping.map(({ local }) => local.toLowerCase()))];
    const [gained, lost] = [
      managed.filter((role) => wanted.has(role) && !held.has(role)),
      managed.filter((role) => !wanted.has(role) && held.has(role)),
    ];
    if (gained.length + lost.length === 0) return;
    await this.transactions.run(async (tx) => {
      await this.roles.grant(tx, tenant, userId, gained);
      await this.roles.withdraw(tx, tenant, userId, lost);
    });
  }
}

const insertLink = async (tx: Tx, { tenant, name }: IdentityProviderConfig, subject: string, link: Link): Promise<Link> => {
  await tx.em.query(
    `INSERT INTO outside_users (organization, provider, subject, user_id, provisioned) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (organization, provider, subject) DO NOTHING`,
    [tenant, name, subject, link.user_id, link.provisioned],
  );
  return link;
};

const textOf = (value: unknown): string | undefined => {
  const [first] = [value].flat();
  return typeof first === 'string' && first !== '' ? first : undefined;
};

const claimOf = ({ claims }: OutsideIdentity, name: string): string | undefined =>
  Object.hasOwn(claims, name) ? textOf(claims[name]) : undefined;

/** A name as the store takes it: what stands for a tenant or a store in names becomes a dot. */
const nameOf = ({ userNameClaim }: IdentityProviderConfig, identity: OutsideIdentity): string | undefined => {
  const given = userNameClaim === '' ? identity.name : claimOf(identity, userNameClaim);
  const name = given?.trim().replaceAll(/[@/\s]/g, '.');
  return name && name.length <= NAME_LENGTH_MAX ? name : undefined;
};

const claimsOf = (
  { emailClaim, givenNameClaim, familyNameClaim }: IdentityProviderConfig,
  identity: OutsideIdentity,
): Record<string, string> => {
  const known = { emailaddress: emailClaim, givenname: givenNameClaim, lastname: familyNameClaim };
  const values = Object.entries(known).map(([local, remote]) => [local, claimOf(identity, remote)] as const);
  return Object.fromEntries(
    values.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1].length <= VALUE_LENGTH_MAX),
  );
};
