import { Injectable } from '@nestjs/common';
import { fullName, type UserName } from '../../domain/organization.js';
import { isAdmin } from '../../domain/user.js';
import { Accounts } from '../../platform/auth/accounts.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { AccessDenied, MissingParameters } from '../oauth-error.js';
import { TokenSubjects } from '../subjects/token-subjects.service.js';
import { LiveTokens, type OurToken } from '../tokens/live-tokens.js';
import { authenticatedClient, type Credentials, credentialsOf } from './client-authentication.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { answerJson } from './oauth-answer.js';
import { readParameters, single } from './oauth-body.js';

const INACTIVE = { active: false };

/** Who asks, as far as it matters: which tokens it may know about. */
type MayRead = (token: OurToken) => boolean;

/** RFC 7662, for administrators, and for clients about their own tokens (`reference/key-manager.md` §2.6). */
@Injectable()
export class IntrospectionEndpoint implements OAuthEndpoint {
  readonly access = 'own';
  readonly methods = ['POST'];
  readonly paths = ['introspect'];

  constructor(
    private readonly clients: OAuthClientsService,
    private readonly accounts: Accounts,
    private readonly subjects: TokenSubjects,
    private readonly live: LiveTokens,
    private readonly config: OauthConfig,
  ) {}

  async answer({ request, response }: OAuthExchange): Promise<void> {
    const parameters = await readParameters(request);
    const mayRead = await this.permission(credentialsOf(request, parameters));
    if (!mayRead) throw AccessDenied();
    const text = single(parameters, 'token');
    if (!text) throw MissingParameters('token');
    const token = await this.live.read(text);
    answerJson(response, 200, token && mayRead(token) ? await this.describe(token) : INACTIVE);
  }

  private async permission(credentials: Credentials | undefined): Promise<MayRead | undefined> {
    if (!credentials?.secret) return undefined; // also of a public client: anybody can give its name (RFC 7662 §2.1)
    const client = await authenticatedClient(this.clients, credentials);
    if (client) return ({ clientId }) => clientId === client.clientId;
    const account = await this.accounts.authenticate(credentials.name, credentials.secret);
    if (!account || !isAdmin(account)) return undefined;
    return ({ organization }) => this.config.introspect.allowCrossTenant || organization === account.organization;
  }

  private async describe(token: OurToken): Promise<object> {
    const client = await this.clients.byClientId(token.clientId);
    const owner: UserName | undefined = client && { name: client.owner, organization: client.organization };
    const user = token.user === 'APPLICATION' ? owner : await this.subjects.byId(token.entityId);
    if (!client || !user || !(await this.accounts.isActive(user.organization))) return INACTIVE;
    return {
      active: true,
      sub: token.subject,
      username: fullName(user),
      client_id: token.clientId,
      scope: token.scope,
      token_type: token.kind === 'refresh' ? 'Refresh' : 'Bearer',
      aud: token.kind === 'refresh' ? token.issuer : audienceOf(token),
      iss: token.issuer,
      azp: token.clientId,
      exp: token.expiresAt,
      iat: token.issuedAt,
      nbf: token.issuedAt,
      jti: token.jti,
      aut: token.user,
    };
  }
}

const audienceOf = ({ clientId, audiences }: OurToken) => (audiences.length === 0 ? clientId : [clientId, ...audiences]);
