import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { Accounts } from '../../platform/auth/accounts.js';
import type { RemoteUser } from '../trusted-issuers/trusted-issuer.js';
import { TrustedIssuers } from '../trusted-issuers/trusted-issuers.service.js';
import { FederatedAccountEntity } from './federated-account.entity.js';
import type { TokenSubject } from './token-subject.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface FederatedAccount extends TokenSubject {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Users of outside identity providers, known here by what their provider says. They are nobody's local account, whatever they are called:
 * their names begin with `FEDERATED/`, which no user of the store can have.
 */
@Injectable()
export class FederatedAccounts {
  constructor(
    @InjectRepository(FederatedAccountEntity) private readonly rows: Repository<FederatedAccountEntity>,
    private readonly issuers: TrustedIssuers,
    private readonly accounts: Accounts,
  ) {}

  /** The account of the issuer's user, made on first sight, with the roles and claims as they are now. */
  async present(organization: string, issuer: string, { subject, roles, claims }: RemoteUser): Promise<FederatedAccount> {
    const key = { organization, issuer, subject };
    const known = await this.rows.findOneBy(key);
    if (known && isDeepStrictEqual([known.roles, known.claims], [roles, claims])) return accountOf(known);
    const row = { ...key, id: known?.id ?? randomUUID(), roles: [...roles], claims, modifiedAt: new Date() };
    // Of two first sights at once the database keeps one id.
    const [{ id } = row]: readonly { id: string }[] = await this.rows.query(
      `INSERT INTO federated_accounts (id, organization, issuer, subject, roles, claims, modified_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (organization, issuer, subject)
       DO UPDATE SET roles = excluded.roles, claims = excluded.claims, modified_at = excluded.modified_at RETURNING id`,
      [row.id, organization, issuer, subject, row.roles, JSON.stringify(claims), row.modifiedAt],
    );
    return accountOf({ ...row, id });
  }

  /** The account of this id, while its tenant is active and its issuer is still trusted there. */
  async byId(id: string): Promise<FederatedAccount | undefined> {
    const row = UUID.test(id) ? await this.rows.findOneBy({ id }) : null;
    if (!row || !(await this.accounts.isActive(row.organization))) return undefined;
    return (await this.issuers.find(row.organization, row.issuer)) && accountOf(row);
  }
}

const accountOf = ({ id, organization, subject, roles, claims }: FederatedAccountEntity): FederatedAccount => ({
  id,
  organization,
  name: `FEDERATED/${id}`,
  subject,
  roles,
  claims,
});
