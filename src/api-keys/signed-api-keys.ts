import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parseJwt } from '../keys/signing/jwt.js';
import { apiKeySigners, GatewayConfig } from '../platform/config/sections/gateway.config.js';

/** What a revocation needs of a key that an older release issued as a JWT. */
export interface SignedApiKey {
  readonly jti: string;
  readonly applicationId: string;
  /** Epoch seconds; undefined never ends. */
  readonly expiresAt: number | undefined;
}

/** Ends beyond this many seconds are written for "never", in numbers no column holds. */
const END_MAX = 100_000_000_000;

/** Reads API keys of older releases, which are JWTs (`reference/key-manager.md` §6.1). */
@Injectable()
export class SignedApiKeys {
  private readonly signers: ReadonlyMap<unknown, KeyObject>;

  constructor(config: GatewayConfig) {
    this.signers = new Map(apiKeySigners(config).map(({ alias, certificate }) => [alias, createPublicKey(certificate)]));
  }

  /** Undefined for anything but a key of an application with an id of its own, signed by one of `[[gateway.api_key_certificate]]`. */
  read(value: string): SignedApiKey | undefined {
    const jwt = parseJwt(value);
    const signer = this.signers.get(jwt?.header['kid']);
    if (jwt === undefined || signer === undefined || !jwt.signedBy(signer)) return undefined;
    const { token_type: type, jti, exp, application } = jwt.claims;
    if (type !== 'apiKey' || typeof jti !== 'string' || jti === '') return undefined;
    const applicationId = typeof application === 'object' && application !== null && 'uuid' in application ? application.uuid : undefined;
    if (typeof applicationId !== 'string') return undefined;
    return { jti, applicationId, expiresAt: typeof exp === 'number' && exp < END_MAX ? Math.ceil(exp) : undefined };
  }
}
