import { Injectable } from '@nestjs/common';
import { parseUserName, SUPER_TENANT, shownName, type UserName } from '../../domain/organization.js';
import { found, Problem } from '../../domain/problem.js';
import { isAdmin, type User } from '../../domain/user.js';
import { UsersService } from '../../identity/users/users.service.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ClientSecrets } from '../clients/client-secrets.js';
import { type ClientRegistration, isOwnedBy, type OAuthClient } from '../clients/oauth-client.js';
import { ClientNameTaken, ClientNotFound } from '../clients/oauth-clients.problems.js';
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
    private readonly secrets: ClientSecrets,
    private readonly users: UsersService,
    private readonly transactions: Transactions,
  ) {}

  /** Makes the client, or gives back the one of this name. @throws OwnerEmpty, OwnerDiffers, OwnerUnknown, OwnedByAnother */
  async register(caller: User, requested: RequestedClient): Promise<RegisteredClient> {
    const { name, organization } = await this.ownerOf(caller, requested.owner);
    // Anybody may register: a client that asked nobody could act for whoever is signed in and follows a link to it.
    const registration = { ...requested, owner: name, skipConsent: isAdmin(caller) };
    const known = await this.known(organization, registration);
    if (known) return known;
    try {
      const { clientId, secret } = await this.transactions.run((tx) => this.clients.register(tx, organization, registration));
      return { client: found(await this.clients.find(organization, clientId), ClientNotFound, clientId), clientSecret: secret.secret };
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
    if (!isOwnedBy(client, { name: owner, organization })) throw OwnedByAnother(name);
    return { client, clientSecret: await this.secretOf(client) };
  }

  /** The newest secret. Where hashes alone are kept nobody knows it any more: the client then gets a new one in place of the others. */
  private async secretOf({ organization, clientId }: OAuthClient): Promise<string> {
    const newest = (await this.secrets.of(organization, clientId)).at(-1);
    if (newest?.secret) return newest.secret;
    const { secret } = await this.transactions.run((tx) => this.secrets.replace(tx, organization, clientId));
    return secret;
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
