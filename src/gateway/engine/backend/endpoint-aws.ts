import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types';
import aws4 from 'aws4';
import type { AwsSecurityDocument } from '../../../domain/gateway-documents.js';
import type { Exchange } from '../exchange.js';
import { headerOf, setHeader } from '../front/headers.js';
import type { LinkedEndpoint } from '../link.js';
import { LambdaFailed, NoBackendCredentials, type Refusal } from '../refusal.js';
import { pathAt } from './backend-path.js';
import type { EndpointSecurity, SecuritySettings } from './endpoint-security.js';
import { LAMBDA } from './lambda.js';

/** Credentials that end are fetched anew this long before. */
const MARGIN_MS = 300_000;
/** After a failure they are not asked for again for a moment, however many requests come. */
const PAUSE_MS = 1_000;

/**
 * Signs requests with an AWS key (Signature Version 4): a stored one, the gateway's own as the AWS tools find it (environment, profile, web identity,
 * container, instance), or that of a role assumed with either.
 */
export class AwsSecurity implements EndpointSecurity {
  readonly mayRetry = false;
  readonly readsBody = true;
  private known: AwsCredentialIdentity | null = null;
  private provider: Promise<AwsCredentialIdentityProvider> | null = null;
  private pending: Promise<AwsCredentialIdentity | null> | null = null;
  private pausedUntil = 0;
  private readonly unavailable: Refusal;

  constructor(
    private readonly document: AwsSecurityDocument,
    private readonly secrets: Readonly<Record<string, string>>,
    private readonly settings: SecuritySettings,
  ) {
    this.unavailable = document.service === LAMBDA ? LambdaFailed : NoBackendCredentials;
    if (document.accessKey !== '' && document.role === undefined) this.known = this.stored();
  }

  apply(exchange: Exchange, endpoint: LinkedEndpoint): undefined | Promise<Refusal | undefined> {
    const { known } = this;
    if (known !== null && (known.expiration === undefined || known.expiration.getTime() - MARGIN_MS > Date.now()))
      return this.signed(exchange, endpoint, known);
    return this.applyFetched(exchange, endpoint);
  }

  retry(): null {
    return null;
  }

  private async applyFetched(exchange: Exchange, endpoint: LinkedEndpoint): Promise<Refusal | undefined> {
    const credentials = await this.fetched();
    return credentials === null ? this.unavailable : this.signed(exchange, endpoint, credentials);
  }

  private signed(exchange: Exchange, endpoint: LinkedEndpoint, credentials: AwsCredentialIdentity): undefined {
    const { outbound } = exchange;
    const { region, service } = this.document;
    const type = headerOf(outbound, 'content-type');
    const { headers } = aws4.sign(
      {
        host: new URL(endpoint.origin).host,
        method: exchange.method ?? exchange.request.method ?? 'GET',
        path: pathAt(endpoint, exchange.rest, exchange.variables),
        region,
        service,
        headers: type === null ? {} : { 'Content-Type': type },
        body: exchange.body ?? '',
      },
      credentials,
    );
    for (const name of ['X-Amz-Date', 'X-Amz-Security-Token', 'X-Amz-Content-Sha256', 'Authorization']) {
      const value = headers?.[name];
      if (value !== undefined) setHeader(outbound, name, name.toLowerCase(), String(value));
    }
    return undefined;
  }

  /** For all that wait for them; null when there are none to be had. */
  private fetched(): Promise<AwsCredentialIdentity | null> {
    if (this.pending === null && Date.now() < this.pausedUntil) return Promise.resolve(null);
    this.pending ??= this.load().finally(() => {
      this.pending = null;
    });
    return this.pending;
  }

  private async load(): Promise<AwsCredentialIdentity | null> {
    try {
      this.provider ??= this.providerOf();
      this.known = await (await this.provider)();
      return this.known;
    } catch (err) {
      this.pausedUntil = Date.now() + PAUSE_MS;
      const { region, service } = this.document;
      this.settings.warn('no AWS credentials for a backend', { region, service, error: err instanceof Error ? err.message : String(err) });
      return null;
    }
  }

  /** The library is large and hardly ever needed, so it is loaded then. */
  private async providerOf(): Promise<AwsCredentialIdentityProvider> {
    const { fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    const { accessKey, role } = this.document;
    const own = accessKey === '' ? fromNodeProviderChain() : () => Promise.resolve(this.stored());
    if (role === undefined) return own;
    const endpoint = this.settings.awsStsUrl;
    return fromTemporaryCredentials({
      masterCredentials: own,
      params: { RoleArn: role.arn, RoleSessionName: role.sessionName },
      clientConfig: { region: role.region, ...(endpoint !== '' && { endpoint }) },
    });
  }

  private stored(): AwsCredentialIdentity {
    return { accessKeyId: this.document.accessKey, secretAccessKey: this.secrets['secretKey'] ?? '' };
  }
}
