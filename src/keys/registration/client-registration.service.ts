import { Injectable } from '@nestjs/common';
import { parseUserName, SUPER_TENANT, shownName, type UserName } from '../../domain/organization.js';
import { Problem } from '../../domain/problem.js';
import { isAdmin, type User } from '../../domain/user.js';
import { UsersService } from '../../identity/users/users.service.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { ClientRegistration, OAuthClient } from '../clients/oauth-client.js';
import { ClientNameTaken } from '../clients/oauth-clients.problems.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { OwnedByAnother, OwnerDiffers, OwnerEmpty, OwnerUnknown } from './client-registration.problems.js';

export interface RegisteredClient {
  readonly client: OAuthClient;
  readonly clientSecret: string;
}

export type RequestedClient = Omit<ClientRegistration, 'owner'> & { readonly owner: string | undefined };

/** Registration of OAuth clients by tools, for themselves (`reference/key-manager.md` §3.1). */
@Injectable()
export class ClientRegistrationService {
  constructor(
    private readonly clients: OAuthClientsService,
    private readonly users: UsersService,
    private readonly transactions: Transactions,
  ) {}

  /** Makes the client, or gives back the one of this name. @throws OwnerEmpty, OwnerDiffers, OwnerUnknown, OwnedByAnother */
  async register(caller: User, requested: RequestedClient): Promise<RegisteredClient> {
    const { name, organization } = await this.ownerOf(caller, requested.owner);
    const registration = { ...requested, owner: name, skipConsent: true };
    const known = await this.known(organization, registration);
    if (known) return known;
    try {
      const { clientId } = await this.transactions.run((tx) => this.clients.register(tx, organization, registration));
      return await this.registered(organization, clientId);
    } catch (err) {
      // Somebody registered the name at the same moment.
      const meanwhile =
        err instanceof Problem && err.code === ClientNameTaken.code ? await this.known(organization, registration) : undefined;
      if (!meanwhile) throw err;
      return meanwhile;
    }
  }

  private async known(organization: string, { name, owner }: ClientRegistration): Promise<RegisteredClient | undefined> {
    const client = await this.clients.byName(organization, name);
    if (!client) return undefined;
    if (client.owner.toLowerCase() !== owner.toLowerCase()) throw OwnedByAnother(name);
    return this.registered(organization, client.clientId);
  }

  private async registered(organization: string, clientId: string): Promise<RegisteredClient> {
    const [client, secrets] = await Promise.all([this.clients.find(organization, clientId), this.clients.secrets(organization, clientId)]);
    const newest = secrets.at(-1);
    if (!client || !newest) throw new Error('the client vanished while it was registered');
    return { client, clientSecret: newest.secret };
  }

  private async ownerOf(caller: User, text: string | undefined): Promise<UserName> {
    const owner = text?.trim();
    if (!owner) throw OwnerEmpty();
    const named = parseUserName(owner);
    if (named.organization === caller.organization && named.name.toLowerCase() === caller.name.toLowerCase()) return caller;
    if (!(caller.organization === SUPER_TENANT && isAdmin(caller))) throw OwnerDiffers(shownName(caller), owner);
    const user = await this.users.byName(named.organization, named.name);
    if (!user) throw OwnerUnknown(owner);
    return user;
  }
}
