import { IncomingMessage } from 'node:http';
import { stringify } from 'node:querystring';
import { Injectable } from '@nestjs/common';
import { Accounts } from '../../platform/auth/accounts.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { Engines } from '../engine/engines.js';
import { InvalidClient } from '../oauth-error.js';
import { authenticatedClient, type Credentials, clientNamed, credentialsOf } from './client-authentication.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { type OAuthParameters, readParameters } from './oauth-body.js';

const TOKEN_PATH = '/oauth2/token';
const FORM = 'application/x-www-form-urlencoded';

/** Brings a token request into the one form the engine takes, and hands it to the engine of the client's tenant. */
@Injectable()
export class TokenEndpoint implements OAuthEndpoint {
  readonly methods = ['POST'];
  readonly paths = ['token'];

  constructor(
    private readonly clients: OAuthClientsService,
    private readonly accounts: Accounts,
    private readonly engines: Engines,
  ) {}

  async answer({ tenant, request, response }: OAuthExchange): Promise<void> {
    const parameters = await readParameters(request);
    const credentials = credentialsOf(request, parameters);
    const client = credentials && (await clientNamed(this.clients, credentials.name));
    if (!client || !(await this.mayBeUsed(client, tenant))) throw InvalidClient();
    const body = await this.withCredentials(client, credentials, parameters);
    const engine = await this.engines.of(client.organization);
    response.setHeader('Pragma', 'no-cache');
    await engine.handle(rewritten(request, body), response);
  }

  private async mayBeUsed(client: OAuthClient, tenant: string | undefined): Promise<boolean> {
    return (tenant === undefined || client.saas || client.organization === tenant) && (await this.accounts.isActive(client.organization));
  }

  private async withCredentials(client: OAuthClient, credentials: Credentials, parameters: OAuthParameters): Promise<OAuthParameters> {
    const { client_secret: _, ...rest } = parameters;
    const named = { ...rest, client_id: client.clientId };
    if (!client.bypassClientCredentials) return credentials.secret ? { ...named, client_secret: credentials.secret } : refuse();
    // To the engine a public client has no secret at all; one that was sent is checked here.
    return (await authenticatedClient(this.clients, credentials)) ? named : refuse();
  }
}

const refuse = (): never => {
  throw InvalidClient();
};

/** The request as the engine takes it: a form at its own path, with the credentials in the body. Errors are JSON whatever the client says it accepts. */
const rewritten = (request: IncomingMessage, parameters: OAuthParameters): IncomingMessage => {
  const { authorization: _, 'transfer-encoding': __, ...headers } = request.headers;
  const body = Buffer.from(stringify(parameters));
  const form = new IncomingMessage(request.socket);
  form.method = request.method ?? 'POST';
  form.url = TOKEN_PATH;
  form.headers = { ...headers, accept: 'application/json', 'content-type': FORM, 'content-length': String(body.length) };
  form.push(body);
  form.push(null);
  form.complete = true; // or its end would close the connection
  return form;
};
