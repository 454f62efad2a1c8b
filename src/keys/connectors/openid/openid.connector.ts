import { Injectable } from '@nestjs/common';
import type { OutboundRequest } from '../../../platform/outbound/outbound.js';
import {
  type ClientRequest,
  type ConnectedClient,
  type ConnectedKeyManager,
  type ConnectedToken,
  type ConnectorProperties,
  KeyManagerConnector,
  type TokenFacts,
} from '../connector.js';
import { RefusedByKeyManager } from '../connector.problems.js';
import { basicCredentials, type KeyManagerAnswer, KeyManagerHttp, refusalOf } from '../key-manager-http.js';
import { RegisteredClients, type Registration } from '../registered-clients.js';
import { type Metadata, text, texts, toClient, toMetadata, updateOf } from './client-metadata.js';
import { ManagementAccess } from './management-access.js';
import { OPENID_DESCRIPTOR } from './openid-descriptor.js';

/** Statuses by which a server says that it has no such client. */
const GONE: readonly number[] = [404, 410];
/** RFC 7592 §2 has it for a client that was removed, with whose own token we asked; credentials of the connection are just wrong. */
const UNAUTHORIZED = 401;

/**
 * Key managers that keep to the standards: clients are registered (RFC 7591) and managed (RFC 7592) with what the registration gave, or with the
 * credentials of the connection; tokens are introspected (RFC 7662).
 */
@Injectable()
export class OpenIdConnector extends KeyManagerConnector {
  override readonly descriptor = OPENID_DESCRIPTOR;

  constructor(
    private readonly http: KeyManagerHttp,
    private readonly management: ManagementAccess,
    private readonly registered: RegisteredClients,
  ) {
    super();
  }

  override mayLookUp(keyManager: ConnectedKeyManager): boolean {
    return this.management.isPrivileged(keyManager);
  }

  override async createClient(keyManager: ConnectedKeyManager, request: ClientRequest): Promise<ConnectedClient> {
    const answer = await this.management.ask(keyManager, keyManager.clientRegistrationEndpoint, {
      method: 'POST',
      json: toMetadata(request),
    });
    if (answer.status >= 300) throw refusalOf(keyManager, answer);
    return this.kept(keyManager, answer.body);
  }

  override async updateClient(keyManager: ConnectedKeyManager, clientId: string, request: ClientRequest): Promise<ConnectedClient> {
    const current = await this.read(keyManager, clientId);
    if (current === undefined) throw RefusedByKeyManager(`The key manager ${keyManager.name} knows no client ${clientId}`);
    return this.put(keyManager, clientId, updateOf(current, toMetadata(request)));
  }

  override async client(keyManager: ConnectedKeyManager, clientId: string): Promise<ConnectedClient | undefined> {
    const metadata = await this.read(keyManager, clientId);
    return metadata && toClient(metadata);
  }

  override async removeClient(keyManager: ConnectedKeyManager, clientId: string): Promise<void> {
    const answer = await this.manage(keyManager, clientId, { method: 'DELETE' });
    if (answer !== undefined && answer.status >= 300 && !GONE.includes(answer.status)) throw refusalOf(keyManager, answer);
    await this.registered.forget(keyManager.id, clientId);
  }

  /** An update without the secret, on which servers may issue a new one (RFC 7592 §2.2). */
  override async newSecret(keyManager: ConnectedKeyManager, clientId: string): Promise<ConnectedClient | undefined> {
    const current = await this.read(keyManager, clientId);
    if (current === undefined) return undefined;
    const { client_secret: before, ...rest } = updateOf(current, {});
    const client = await this.put(keyManager, clientId, rest);
    return client.clientSecret === undefined || client.clientSecret === before ? undefined : client;
  }

  override async applicationToken(
    keyManager: ConnectedKeyManager,
    { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
    request: { readonly scopes: readonly string[]; readonly validitySeconds: number; readonly properties: ConnectorProperties },
  ): Promise<ConnectedToken> {
    const isPosted = request.properties['token_endpoint_auth_method'] === 'client_secret_post';
    const answer = await this.http.send(keyManager, keyManager.tokenEndpoint, {
      method: 'POST',
      headers: isPosted ? {} : { authorization: basicCredentials(clientId, clientSecret) },
      form: new URLSearchParams({
        grant_type: 'client_credentials',
        ...(request.scopes.length > 0 && { scope: request.scopes.join(' ') }),
        ...(isPosted && { client_id: clientId, client_secret: clientSecret }),
      }),
    });
    const accessToken = text(answer['access_token']);
    if (accessToken === '') throw RefusedByKeyManager(`The key manager ${keyManager.name} gave no token`);
    const { scope, expires_in: expiresIn } = answer;
    return {
      accessToken,
      scopes: typeof scope === 'string' ? texts(scope) : request.scopes,
      expiresIn: typeof expiresIn === 'number' ? expiresIn : request.validitySeconds,
    };
  }

  override async introspect(keyManager: ConnectedKeyManager, token: string): Promise<TokenFacts> {
    const { introspectionEndpoint, properties } = keyManager;
    const clientId = text(properties['client_id']);
    const request: OutboundRequest = { method: 'POST', form: new URLSearchParams({ token, token_type_hint: 'access_token' }) };
    const headers = { authorization: basicCredentials(clientId, text(properties['client_secret'])) };
    const answer =
      clientId === ''
        ? await this.management.ask(keyManager, introspectionEndpoint, request)
        : await this.http.ask(keyManager, introspectionEndpoint, { ...request, headers });
    if (answer.status !== 200) throw refusalOf(keyManager, answer);
    return factsOf(keyManager, answer.body);
  }

  /** What the key manager holds of a client; undefined when it has none, or we may not ask. */
  private async read(keyManager: ConnectedKeyManager, clientId: string): Promise<Metadata | undefined> {
    const answer = await this.manage(keyManager, clientId, { method: 'GET' });
    if (answer === undefined || GONE.includes(answer.status)) return undefined;
    if (answer.status !== 200) throw refusalOf(keyManager, answer);
    await this.keepRegistration(keyManager, answer.body);
    return answer.body;
  }

  private async put(keyManager: ConnectedKeyManager, clientId: string, metadata: Metadata): Promise<ConnectedClient> {
    const answer = await this.manage(keyManager, clientId, { method: 'PUT', json: metadata });
    if (answer === undefined) throw RefusedByKeyManager(`The client ${clientId} is not managed from here`);
    if (answer.status >= 300) throw refusalOf(keyManager, answer);
    return this.kept(keyManager, answer.body);
  }

  /** Undefined when nothing opens the client: it is gone, or was made elsewhere and the connection has no credentials for others' clients. */
  private async manage(keyManager: ConnectedKeyManager, clientId: string, request: OutboundRequest): Promise<KeyManagerAnswer | undefined> {
    const own = await this.registered.find(keyManager.id, clientId);
    if (own) {
      const answer = await this.http.ask(keyManager, own.uri, { ...request, headers: { authorization: `Bearer ${own.accessToken}` } });
      return answer.status === UNAUTHORIZED ? undefined : answer;
    }
    if (!this.management.isPrivileged(keyManager) || keyManager.clientRegistrationEndpoint === '') return undefined;
    const base = keyManager.clientRegistrationEndpoint.replace(/\/$/, '');
    return this.management.ask(keyManager, `${base}/${encodeURIComponent(clientId)}`, request);
  }

  private async kept(keyManager: ConnectedKeyManager, metadata: Metadata): Promise<ConnectedClient> {
    const client = toClient(metadata);
    if (client === undefined) throw RefusedByKeyManager(`The key manager ${keyManager.name} answered without a client`);
    await this.keepRegistration(keyManager, metadata);
    return client;
  }

  /** A server may hand out another token each time (RFC 7592 §3). */
  private async keepRegistration({ id }: ConnectedKeyManager, metadata: Metadata): Promise<void> {
    const registration: Registration = {
      uri: text(metadata['registration_client_uri']),
      accessToken: text(metadata['registration_access_token']),
    };
    if (registration.uri !== '' && registration.accessToken !== '')
      await this.registered.keep(id, text(metadata['client_id']), registration);
  }
}

const factsOf = ({ consumerKeyClaim, scopesClaim }: ConnectedKeyManager, claims: Metadata): TokenFacts => {
  const { exp } = claims;
  return {
    active: claims['active'] === true,
    clientId: text(claims[consumerKeyClaim]) || text(claims['client_id']),
    scopes: texts(claims[scopesClaim] ?? claims['scope']),
    subject: text(claims['sub']),
    expiresAt: typeof exp === 'number' ? exp : undefined,
    claims,
  };
};
