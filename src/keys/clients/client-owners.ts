import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UsersService } from '../../identity/users/users.service.js';
import { type Account, Accounts } from '../../platform/auth/accounts.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { Events } from '../../platform/events/events.js';
import type { OAuthClient } from './oauth-client.js';

const REMEMBERED_MS = 15_000;
const CLIENTS_MAX = 20_000;

/** Whose roles a client's own tokens have: the owner's, remembered because every application token asks for them. */
@Injectable()
export class ClientOwners implements OnModuleInit {
  private readonly ids = new ExpiringCache<string>(REMEMBERED_MS, CLIENTS_MAX);

  constructor(
    private readonly users: UsersService,
    private readonly accounts: Accounts,
    private readonly events: Events,
  ) {}

  onModuleInit(): void {
    this.events.on('oauth-client.changed', () => this.ids.clear());
    this.events.on('user.changed', () => this.ids.clear());
  }

  /** The owner's user id; undefined when the user is gone, and for an owner in another tenant, whose roles are worth nothing here. */
  async idOf({ clientId, organization, owner, ownerOrganization = organization }: OAuthClient): Promise<string | undefined> {
    if (ownerOrganization !== organization) return undefined;
    const id = await this.ids.get(clientId, async () => (await this.users.byName(organization, owner))?.id ?? '');
    return id || undefined;
  }

  /** The owner, unless locked or gone. */
  async accountOf(client: OAuthClient): Promise<Account | undefined> {
    const id = await this.idOf(client);
    return id === undefined ? undefined : this.accounts.byId(id);
  }
}
