import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Api, type ApiRef, invocationPath } from '../../domain/api.js';
import type { KeyType } from '../../domain/gateway-documents.js';
import { fullName } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { KeyManagerUrls } from '../../keys/key-manager-urls.js';
import { signJwt } from '../../keys/signing/jwt.js';
import { SigningKeys } from '../../keys/signing/signing-keys.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { ApisForChange } from '../apis-for-change.js';
import { endpointOf } from '../revisions/backend-document.js';

/** How long a key is good for, in seconds. */
const VALIDITY_SECONDS = 60_000;

export interface InternalKey {
  readonly key: string;
  readonly validitySeconds: number;
}

/** Keys with which publishers try an API at the gateway, published or not, without a subscription (`reference/key-manager.md` §6.2). */
@Injectable()
export class InternalKeysService {
  constructor(
    private readonly apis: ApisForChange,
    private readonly keys: SigningKeys,
    private readonly urls: KeyManagerUrls,
    private readonly config: ApimConfig,
  ) {}

  /** A key for this API alone. @throws ApiNotFound (404), Forbidden (403). */
  async generate(caller: User, ref: ApiRef): Promise<InternalKey> {
    const api = await this.apis.read(caller, ref);
    const issuedAt = Math.floor(Date.now() / 1_000);
    const { kid, privateKey } = await this.keys.signerOf(api.organization, issuedAt + VALIDITY_SECONDS);
    const claims = {
      sub: fullName(caller),
      // Whom a revocation by subject names.
      entity_id: caller.id,
      aud: 'gateway',
      iss: this.config.publisher.internalKeyIssuer || this.urls.issuer(api.organization),
      jti: randomUUID(),
      iat: issuedAt,
      exp: issuedAt + VALIDITY_SECONDS,
      token_type: 'InternalKey',
      keytype: keyTypeOf(api),
      subscribedAPIs: [{ uuid: api.id, name: api.name, context: invocationPath(api), version: api.version, publisher: api.provider }],
    };
    return { key: signJwt({ typ: 'JWT', kid }, claims, privateKey), validitySeconds: VALIDITY_SECONDS };
  }
}

/** Sandbox where the API leads nowhere else. */
const keyTypeOf = ({ details: { endpointConfig } }: Pick<Api, 'details'>): KeyType =>
  endpointOf(endpointConfig, 'production') === null && endpointOf(endpointConfig, 'sandbox') !== null ? 'SANDBOX' : 'PRODUCTION';
