import { Injectable } from '@nestjs/common';
import { parseUserName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { UsersService } from '../../identity/users/users.service.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ClientSecrets } from '../clients/client-secrets.js';
import type { ClientRegistration, ClientSecret, NewClientSecret, OAuthClient, TokenLifetimes } from '../clients/oauth-client.js';
import { ClientNotFound, ClientSecretNotFound } from '../clients/oauth-clients.problems.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { ClientIdFixed, NoOwner, OwnerUnknown, SecretFixed } from './operations.problems.js';

export interface WantedClient {
  /** The caller unless given. */
  readonly owner: string | undefined;
  readonly registration: Omit<ClientRegistration, 'owner'>;
  /** Random unless given. */
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly description: string;
  /** Seconds; 0 never expires. */
  readonly expiresIn: number;
}

export interface ClientChange {
  readonly owner: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly patch: Partial<Omit<ClientRegistration, 'owner' | 'lifetimes'>>;
  readonly lifetimes: Partial<TokenLifetimes>;
}

/** A client with the newest of its secrets. */
export interface ClientWithSecret {
  readonly client: OAuthClient;
  readonly secret: ClientSecret | undefined;
}

/** OAuth clients as administrators and other servers manage them (`reference/key-manager.md` §3.2). */
@Injectable()
export class DcrService {
  constructor(
    private readonly clients: OAuthClientsService,
    private readonly secrets: ClientSecrets,
    private readonly users: UsersService,
    private readonly transactions: Transactions,
  ) {}

  /** @throws OwnerUnknown (400), ClientNameTaken, ClientIdTaken (409) */
  async register(caller: User, organization: string, wanted: WantedClient): Promise<ClientWithSecret> {
    const owner = await this.ownerOf(organization, wanted.owner ?? (caller.organization === organization ? caller.name : undefined));
    const { clientId: wantedId, clientSecret, description, expiresIn } = wanted;
    const credentials = {
      ...{ description, expiresIn },
      ...(wantedId !== undefined && { clientId: wantedId }),
      ...(clientSecret !== undefined && { value: await this.secrets.chosen(clientSecret) }),
    };
    const { clientId, secret } = await this.transactions.run((tx) =>
      this.clients.register(tx, organization, { ...wanted.registration, owner }, credentials),
    );
    return { client: await this.client(organization, clientId), secret };
  }

  /** @throws ClientNotFound (404) */
  async get(organization: string, clientId: string): Promise<ClientWithSecret> {
    const client = await this.client(organization, clientId);
    return { client, secret: (await this.secrets.of(organization, client.clientId)).at(-1) };
  }

  /** @throws ClientNotFound (404), OwnerUnknown, ClientIdFixed, SecretFixed (400), ClientNameTaken (409) */
  async update(organization: string, clientId: string, change: ClientChange): Promise<ClientWithSecret> {
    const client = await this.client(organization, clientId);
    if (change.clientId !== undefined && change.clientId !== client.clientId) throw ClientIdFixed();
    if (change.clientSecret !== undefined && !(await this.isItsOwn(client, change.clientSecret))) throw SecretFixed();
    const owned =
      change.owner === undefined ? {} : { owner: await this.ownerOf(organization, change.owner), ownerOrganization: organization };
    const lifetimes = { ...client.lifetimes, ...change.lifetimes };
    await this.transactions.run((tx) => this.clients.update(tx, organization, client.clientId, { ...change.patch, ...owned, lifetimes }));
    return this.get(organization, client.clientId);
  }

  /** Removes the client; every token it was given dies. @throws ClientNotFound (404) */
  async remove(organization: string, clientId: string): Promise<void> {
    const client = await this.client(organization, clientId);
    await this.transactions.run((tx) => this.clients.remove(tx, organization, client.clientId));
  }

  /** Takes the client out of use, which kills its tokens, or puts it back. @throws ClientNotFound (404) */
  async setRevoked(organization: string, clientId: string, isRevoked: boolean): Promise<void> {
    const client = await this.client(organization, clientId);
    await this.transactions.run((tx) => this.clients.setRevoked(tx, organization, client.clientId, isRevoked));
  }

  /** @throws ClientNotFound (404), OwnerUnknown (400) */
  async changeOwner(organization: string, clientId: string, owner: string | undefined): Promise<ClientWithSecret> {
    const client = await this.client(organization, clientId);
    const name = await this.ownerOf(organization, owner);
    await this.transactions.run((tx) =>
      this.clients.update(tx, organization, client.clientId, { owner: name, ownerOrganization: organization }),
    );
    return this.get(organization, client.clientId);
  }

  /** @throws SeveralSecretsOn (400), ClientNotFound (404) */
  async regenerateSecret(organization: string, clientId: string): Promise<ClientWithSecret> {
    this.secrets.assertSingle();
    const client = await this.client(organization, clientId);
    const secret = await this.transactions.run((tx) => this.secrets.replace(tx, organization, client.clientId));
    return { client, secret };
  }

  /** @throws SeveralSecretsOff, TooManySecrets (400), ClientNotFound (404) */
  async addSecret(
    organization: string,
    clientId: string,
    { description, expiresIn, clientSecret }: Pick<WantedClient, 'description' | 'expiresIn' | 'clientSecret'>,
  ): Promise<NewClientSecret> {
    this.secrets.assertSeveral();
    const client = await this.client(organization, clientId);
    const value = clientSecret === undefined ? {} : { value: await this.secrets.chosen(clientSecret) };
    return this.transactions.run((tx) => this.secrets.add(tx, organization, client.clientId, { description, expiresIn, ...value }));
  }

  /** Oldest first. @throws SeveralSecretsOff (400), ClientNotFound (404) */
  async listSecrets(organization: string, clientId: string): Promise<readonly ClientSecret[]> {
    this.secrets.assertSeveral();
    return this.secrets.of(organization, (await this.client(organization, clientId)).clientId);
  }

  /** @throws SeveralSecretsOff (400), ClientNotFound, ClientSecretNotFound (404) */
  async getSecret(organization: string, clientId: string, secretId: string): Promise<ClientSecret> {
    const secrets = await this.listSecrets(organization, clientId);
    return found(
      secrets.find(({ id }) => id === secretId),
      ClientSecretNotFound,
      secretId,
    );
  }

  /** @throws SeveralSecretsOff, NewestSecretStays (400), ClientNotFound, ClientSecretNotFound (404) */
  async removeSecret(organization: string, clientId: string, secretId: string): Promise<void> {
    this.secrets.assertSeveral();
    const client = await this.client(organization, clientId);
    await this.transactions.run((tx) => this.secrets.remove(tx, organization, client.clientId, secretId));
  }

  /** The client of this id as it is, or encoded as the product's servers send it. */
  private async client(organization: string, clientId: string): Promise<OAuthClient> {
    const client = (await this.clients.findAny(organization, clientId)) ?? (await this.clients.findAny(organization, decoded(clientId)));
    return found(client, ClientNotFound, clientId);
  }

  /** Whether it is one of the client's secrets, or one as it is shown. */
  private async isItsOwn({ clientId }: OAuthClient, secret: string): Promise<boolean> {
    if (/^.{0,3}\*{13,16}$/.test(secret)) return true;
    return this.clients.secretMatches(clientId, secret);
  }

  private async ownerOf(organization: string, text: string | undefined): Promise<string> {
    const owner = text?.trim();
    if (!owner) throw NoOwner();
    // Names without a tenant belong to the one the operation works in.
    const named = owner.includes('@') ? parseUserName(owner) : { name: owner, organization };
    const user = named.organization === organization ? await this.users.byName(organization, named.name) : undefined;
    return found(user, OwnerUnknown, owner).name;
  }
}

const decoded = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');
