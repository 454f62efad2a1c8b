import { get } from 'node:http';
import { Agent, fetch } from 'undici';
import { type Backend, startBackend } from '../support/backend.js';
import { Cli } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const ADMIN = { username: 'admin', password: 'admin' };

export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly expires_in: number;
}

export interface Answered<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Asked {
  readonly basic?: Client | undefined;
  readonly bearer?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** A server of a test's own, for settings that the common one does not have, with what the tests of tokens do there. */
export class OAuthServer {
  private backend: Backend | undefined;

  private constructor(
    private cli: Cli,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async start(environment: NodeJS.ProcessEnv, dataDir?: string): Promise<OAuthServer> {
    return new OAuthServer(await Cli.start(environment, dataDir), environment);
  }

  get dataDir(): string {
    return this.cli.dataDir;
  }

  get management(): string {
    return this.cli.management;
  }

  get offset(): number {
    return this.cli.offset;
  }

  /** The same data, another process, by default with the same settings. */
  async restart(environment: NodeJS.ProcessEnv = this.environment): Promise<void> {
    await this.cli.stop();
    this.cli = Cli.run(['start'], environment, this.cli.offset, this.cli.dataDir);
    await this.cli.ready();
  }

  /** Leaves the process no time for anything. */
  async kill(): Promise<void> {
    await this.cli.stop('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.cli.stop();
    await this.backend?.close();
  }

  async ask<T = Readonly<Record<string, unknown>>>(
    operation: string,
    asked: Asked = {},
    origin = this.cli.management,
  ): Promise<Answered<T>> {
    const [method = '', path = ''] = operation.split(' ');
    const { basic, bearer, form, json } = asked;
    const response = await fetch(origin + path, {
      method,
      dispatcher: insecure,
      headers: {
        ...(basic && { authorization: `Basic ${btoa(`${basic.clientId}:${basic.clientSecret}`)}` }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      body: form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers as unknown as Headers, // undici's own, of the same shape
      body: (isJson && text !== '' ? JSON.parse(text) : text) as T, // the caller knows what it asked for
    };
  }

  /** As the administrator, by Basic. */
  asAdmin<T = Readonly<Record<string, unknown>>>(operation: string, json?: unknown): Promise<Answered<T>> {
    return this.ask<T>(operation, {
      basic: { clientId: ADMIN.username, clientSecret: ADMIN.password },
      ...(json === undefined ? {} : { json }),
    });
  }

  async client(tokenType = 'JWT'): Promise<Client> {
    const grantType = 'client_credentials password refresh_token';
    const clientName = `client-${Math.random()}`;
    const body = { callbackUrl: '', clientName, owner: 'admin', saasApp: true, grantType, tokenType };
    return (await this.asAdmin<Client>('POST /client-registration/v0.17/register', body)).body;
  }

  token(client: Client, form: Readonly<Record<string, string>>): Promise<Answered<TokenAnswer>> {
    return this.ask<TokenAnswer>('POST /oauth2/token', { basic: client, form });
  }

  async passwordTokens(client: Client, scope = 'apim:api_view'): Promise<TokenAnswer> {
    return (await this.token(client, { grant_type: 'password', ...ADMIN, scope })).body;
  }

  async introspect(token: string): Promise<Readonly<Record<string, unknown>>> {
    return (await this.ask('POST /oauth2/introspect', { basic: { clientId: 'admin', clientSecret: 'admin' }, form: { token } })).body;
  }

  /** A published API, with further properties of its own, and the client of an application that is subscribed to it. */
  async subscriber(further: object = {}): Promise<{ readonly path: string; readonly client: Client }> {
    this.backend ??= await startBackend();
    const { url } = this.backend;
    const name = `Api${Math.random().toString(36).slice(2)}`;
    const endpointConfig = { endpoint_type: 'http', production_endpoints: { url }, sandbox_endpoints: { url } };
    const operations = [{ target: '/*', verb: 'GET', authType: 'Application & Application User', throttlingPolicy: 'Unlimited' }];
    const api = { name, context: `/${name}`, version: '1.0.0', policies: ['Unlimited'], endpointConfig, operations, ...further };
    const publisher = '/api/am/publisher/v4/apis';
    const devportal = '/api/am/devportal/v3';
    const apiId = (await this.asAdmin<{ id: string }>(`POST ${publisher}`, api)).body.id;
    const revision = (await this.asAdmin<{ id: string }>(`POST ${publisher}/${apiId}/revisions`, { description: '' })).body.id;
    const deployment = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
    await this.asAdmin(`POST ${publisher}/${apiId}/deploy-revision?revisionId=${revision}`, deployment);
    await this.asAdmin(`POST ${publisher}/change-lifecycle?apiId=${apiId}&action=Publish`);
    const application = { name, throttlingPolicy: 'Unlimited' };
    const { applicationId } = (await this.asAdmin<{ applicationId: string }>(`POST ${devportal}/applications`, application)).body;
    await this.asAdmin(`POST ${devportal}/subscriptions`, { apiId, applicationId, throttlingPolicy: 'Unlimited' });
    const keys = { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials', 'password', 'refresh_token'] };
    const made = await this.asAdmin<{ consumerKey: string; consumerSecret: string }>(
      `POST ${devportal}/applications/${applicationId}/generate-keys`,
      keys,
    );
    return { path: `/${name}/1.0.0/x`, client: { clientId: made.body.consumerKey, clientSecret: made.body.consumerSecret } };
  }

  /** A call over a connection of its own, which any worker may take. */
  atAnyWorker(path: string, bearer: string): Promise<number> {
    const headers = { authorization: `Bearer ${bearer}` };
    return new Promise((resolve, reject) => {
      get(this.cli.gateway + path, { agent: false, headers }, (answer) => resolve(answer.resume().statusCode ?? 0)).on('error', reject);
    });
  }

  atGateway(path: string, bearer: string): Promise<Answered<{ readonly code?: string }>> {
    return this.ask(`GET ${path}`, { bearer }, this.cli.gateway);
  }
}
