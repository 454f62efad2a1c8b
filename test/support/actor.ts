import { type Answer, type Body, Client, type Credential, management, type RequestOptions } from './client.js';
import { ALL_SCOPES } from './scopes.js';
import { unique } from './unique.js';

/** One API as one person sees it: `await ann.publisher('GET /apis/{apiId}', { path: { apiId } })`. */
export type Face = <T = Body>(operation: string, options?: RequestOptions) => Promise<Answer<T>>;

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Throws unless the answer has the status; for steps that are not what a test is about. */
export const expected = <T>(answer: Answer<T>, ...statuses: readonly number[]): T => {
  if (statuses.includes(answer.status)) return answer.body;
  throw new Error(`expected ${statuses.join(' or ')}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
};

/** Registers an OAuth client for the management APIs, owned by the user. */
export const registerClient = async (username: string, password: string): Promise<OAuthClient> => {
  const answer = await management.request<OAuthClient>('POST /client-registration/v0.17/register', {
    as: { basic: { username, password } },
    body: {
      callbackUrl: 'www.example.com',
      clientName: unique('client'),
      owner: username,
      grantType: 'client_credentials password refresh_token',
      saasApp: true,
    },
  });
  return expected(answer, 200);
};

/** What the token endpoint answers. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly scope?: string;
  readonly token_type: string;
  readonly expires_in: number;
}

/** Asks the token endpoint; the client authenticates with Basic. */
export const requestToken = (client: OAuthClient, parameters: Readonly<Record<string, string>>): Promise<Answer<TokenAnswer>> =>
  management.request<TokenAnswer>('POST /oauth2/token', {
    as: { basic: { username: client.clientId, password: client.clientSecret } },
    urlencoded: parameters,
  });

/** A person with a password, and the APIs as this person may use them. Tokens are fetched on first use. */
export class Actor {
  private readonly tokens = new Map<string, Promise<string>>();

  readonly publisher = this.face('/api/am/publisher/v4');
  readonly devportal = this.face('/api/am/devportal/v3');
  readonly admin = this.face('/api/am/admin/v4');
  readonly gatehouse = this.face('/api/gatehouse/v1');
  readonly devops = this.face('/api/am/devops/v0');
  /** `/api/am/gateway/v2`, which takes Basic credentials only. */
  readonly gatewayRest = this.basicFace('/api/am/gateway/v2');
  readonly internalData = this.basicFace('/internal/data/v1');
  readonly clientRegistration = this.basicFace('/client-registration/v0.17');
  readonly keyManagerOperations = this.basicFace('/keymanager-operations');
  readonly scim = this.basicFace('/scim2');
  readonly tenants = this.basicFace('/api/server/v1');

  constructor(
    /** As this person logs in: `name`, or `name@tenant`. */
    readonly username: string,
    readonly password: string,
    readonly organization: string,
    private readonly client: () => Promise<OAuthClient>,
    private readonly scopes: readonly string[] = ALL_SCOPES,
  ) {}

  /** The same person with tokens that hold no more than these scopes. */
  withScopes(...scopes: readonly string[]): Actor {
    return new Actor(this.username, this.password, this.organization, this.client, scopes);
  }

  /** An access token from the password grant, with all scopes this person's roles allow or only those asked for. */
  token(...scopes: readonly string[]): Promise<string> {
    const scope = (scopes.length > 0 ? scopes : this.scopes).join(' ');
    const known = this.tokens.get(scope);
    if (known) return known;
    const token = this.fetchToken(scope);
    this.tokens.set(scope, token);
    return token;
  }

  get basic(): Credential {
    return { basic: { username: this.username, password: this.password } };
  }

  private async fetchToken(scope: string): Promise<string> {
    const answer = await requestToken(await this.client(), {
      grant_type: 'password',
      username: this.username,
      password: this.password,
      scope,
    });
    return expected(answer, 200).access_token;
  }

  private face(base: string): Face {
    const client = new Client(base, async () => ({ bearer: await this.token() }));
    return (operation, options) => client.request(operation, options);
  }

  private basicFace(base: string): Face {
    const client = new Client(base, () => this.basic);
    return (operation, options) => client.request(operation, options);
  }
}
