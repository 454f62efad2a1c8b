import { Injectable } from '@nestjs/common';
import type { AiConfig } from '../../platform/config/sections/ai.config.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { type Fetched, Outbound, OutboundError, type OutboundRequest } from '../../platform/outbound/outbound.js';
import { AiNotConfigured, AiQuotaExceeded, AiServiceFailed, AiTokenRefused } from './design-assistant.problems.js';

const BYTES_MAX = 4 * 1_048_576;
/** A token is given up this long before it expires. */
const EXPIRY_MARGIN_MS = 30_000;
const HTTP_UNAUTHORIZED = 401;
const HTTP_TOO_MANY = 429;

export const isConfigured = ({ enable, endpoint, token, key, tokenEndpoint }: AiConfig): boolean =>
  enable && endpoint !== '' && (token !== '' || (key !== '' && tokenEndpoint !== ''));

/** The AI service that the configuration names. */
@Injectable()
export class AiService {
  private fetched: { readonly token: string; readonly expiresMs: number } | undefined;

  constructor(
    private readonly config: ApimConfig,
    private readonly outbound: Outbound,
  ) {}

  /** Sends a JSON object to a resource of the service and gives the one it answers. @throws AiNotConfigured, AiServiceFailed (400), AiTokenRefused (401), AiQuotaExceeded (429). */
  async ask(resource: string, question: object): Promise<Readonly<Record<string, unknown>>> {
    const { ai } = this.config;
    if (!isConfigured(ai)) throw AiNotConfigured();
    return this.answer(`${ai.endpoint.replace(/\/+$/, '')}${resource}`, `Bearer ${await this.token()}`, { json: question });
  }

  private async token(): Promise<string> {
    const { token, key, tokenEndpoint } = this.config.ai;
    if (token !== '') return token;
    if (this.fetched && this.fetched.expiresMs > Date.now()) return this.fetched.token;
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    const answer = await this.answer(tokenEndpoint, `Basic ${key}`, { form });
    const { access_token: received, expires_in: lifetimeS } = answer;
    if (typeof received !== 'string' || received === '') throw AiTokenRefused();
    this.fetched = { token: received, expiresMs: Date.now() + Number(lifetimeS ?? 0) * 1_000 - EXPIRY_MARGIN_MS };
    return received;
  }

  private async answer(
    address: string,
    credentials: string,
    sent: Pick<OutboundRequest, 'form' | 'json'>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const headers = { Accept: 'application/json', Authorization: credentials };
    const { status, body } = await this.post(address, { ...sent, method: 'POST', headers });
    if (status === HTTP_UNAUTHORIZED) {
      this.fetched = undefined;
      throw AiTokenRefused();
    }
    if (status === HTTP_TOO_MANY) throw AiQuotaExceeded();
    if (status < 200 || status > 299) throw AiServiceFailed(`The service answered ${status}.`);
    return objectOf(body);
  }

  private async post(address: string, request: OutboundRequest): Promise<Fetched> {
    try {
      return await this.outbound.send(address, request, BYTES_MAX);
    } catch (err) {
      if (err instanceof OutboundError) throw AiServiceFailed('It could not be reached.');
      throw err;
    }
  }
}

const objectOf = (body: Buffer): Readonly<Record<string, unknown>> => {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    throw AiServiceFailed('It did not answer JSON.');
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw AiServiceFailed('It did not answer an object.');
  return { ...answer };
};
