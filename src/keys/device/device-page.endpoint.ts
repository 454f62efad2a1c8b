import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { SUPER_TENANT } from '../../domain/organization.js';
import { networkOf } from '../../platform/origin/network.js';
import { originNow } from '../../platform/origin/origin.js';
import { Authorizations, type Step } from '../authorize/authorizations.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import type { OAuthEndpoint, OAuthExchange } from '../edge/endpoint.js';
import { queryParameters, readParameters, single } from '../edge/oauth-body.js';
import { Engines } from '../engine/engines.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { answerStep } from '../pages/answer-step.js';
import { answerPage } from '../pages/page.js';
import { LoginSessions } from '../sessions/login-sessions.js';
import { DeviceCodes } from './device-codes.service.js';
import { codeEntryPage } from './device-pages.js';
import { deviceRequest } from './device-request.js';
import { typedUserCode } from './user-code.js';
import { WrongCodes } from './wrong-codes.js';

const TYPED_MAX = 40;

/** `/oauth2/device`: where the user types the device's code, and goes on to log in and agree (`reference/identity.md` §6). */
@Injectable()
export class DevicePageEndpoint implements OAuthEndpoint {
  readonly access = 'anonymous';
  readonly methods = ['GET', 'POST'];
  readonly paths = ['device'];

  constructor(
    private readonly codes: DeviceCodes,
    private readonly wrong: WrongCodes,
    private readonly clients: OAuthClientsService,
    private readonly engines: Engines,
    private readonly sessions: LoginSessions,
    private readonly authorizations: Authorizations,
    private readonly urls: KeyManagerUrls,
  ) {}

  async answer({ tenant = SUPER_TENANT, request, response }: OAuthExchange): Promise<void> {
    const isPost = request.method === 'POST';
    const typed = (single(isPost ? await readParameters(request) : queryParameters(request), 'user_code') ?? '').slice(0, TYPED_MAX);
    const ask = (status: number, failure?: string) =>
      answerPage(
        response,
        status,
        codeEntryPage({ organization: tenant, action: this.urls.tenant(tenant, '/oauth2/device'), typed, failure }),
      );
    if (!isPost) return ask(200);
    const address = networkOf(originNow()?.address ?? '');
    if (this.wrong.isExhausted(address)) return ask(429, 'Too many wrong codes were typed here. Try again in ten minutes.');
    const step = await this.next(tenant, request, typed);
    if (step) return answerStep(response, step, this.urls.base);
    this.wrong.note(address);
    return ask(400, 'No device waits with this code. It may have expired: start again on the device.');
  }

  /** The login page, or the one that asks; undefined when no device waits with this code. */
  private async next(organization: string, request: IncomingMessage, typed: string): Promise<Step | undefined> {
    const code = typedUserCode(typed);
    const device = code === undefined ? undefined : await this.codes.waiting(organization, code);
    const client = device && (await this.clients.find(organization, device.clientId));
    if (!device || !client) return undefined;
    const engine = await this.engines.of(organization);
    const session = await this.sessions.of(engine, request);
    return this.authorizations.proceed({ client, engine, parameters: deviceRequest(device) }, request, session);
  }
}
