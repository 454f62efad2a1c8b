import { Injectable } from '@nestjs/common';
import { Accounts } from '../../platform/auth/accounts.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { DEVICE_CODE } from '../engine/served-grants.js';
import { InvalidGrant, MissingParameters, OAuthError } from '../oauth-error.js';
import { Revocations } from '../revocations/revocations.service.js';
import { TokenIssuer } from '../tokens/token-issuer.js';
import { DeviceCodes, type DeviceState } from './device-codes.service.js';

const Refused = () => InvalidGrant('The device code is not valid.');

/** RFC 8628 §3.5. */
const REFUSALS: Readonly<Record<Exclude<DeviceState, 'allowed'>, () => OAuthError>> = {
  unknown: Refused,
  pending: () => new OAuthError(400, 'authorization_pending', 'The user has not decided yet.'),
  'too fast': () => new OAuthError(400, 'slow_down', 'The device asks too often.'),
  expired: () => new OAuthError(400, 'expired_token', 'The device code has expired.'),
  denied: () => new OAuthError(400, 'access_denied', 'The user denied the request.'),
};

/** Tokens for a device whose user agreed in a browser. */
@Injectable()
export class DeviceCodeGrant implements Grant {
  readonly name = DEVICE_CODE;
  readonly parameters = ['device_code'];

  constructor(
    private readonly codes: DeviceCodes,
    private readonly accounts: Accounts,
    private readonly revocations: Revocations,
    private readonly tokens: TokenIssuer,
  ) {}

  async answer(client: OAuthClient, parameters: GrantParameters): Promise<TokenAnswer> {
    const deviceCode = parameters['device_code'];
    if (!deviceCode) throw MissingParameters('device_code');
    const state = await this.codes.poll(client.clientId, deviceCode);
    if (state !== 'allowed') throw REFUSALS[state]();
    const allowed = await this.codes.take(client.clientId, deviceCode);
    const account = allowed && (await this.accounts.byId(allowed.userId));
    if (!account) throw Refused();
    // A password changed since then ends what the old one began.
    const isDead = await this.revocations.isRevoked(client.organization, {
      jti: '',
      iat: allowed.signedInAt,
      azp: client.clientId,
      entity_id: account.id,
    });
    if (isDead) throw Refused();
    return this.tokens.forUser(client, account, allowed.scopes, { authTime: allowed.signedInAt, methods: allowed.methods });
  }
}
