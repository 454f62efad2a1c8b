import { Injectable } from '@nestjs/common';
import { SUPER_TENANT } from '../../domain/organization.js';
import { JwksDocuments } from '../signing/jwks.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { answerJson, PUBLIC_DOCUMENT } from './oauth-answer.js';

@Injectable()
export class JwksEndpoint implements OAuthEndpoint {
  readonly access = 'anonymous';
  readonly methods = ['GET'];
  readonly paths = ['jwks'];
  readonly isForScripts = true;

  constructor(private readonly documents: JwksDocuments) {}

  async answer({ tenant = SUPER_TENANT, response }: OAuthExchange): Promise<void> {
    answerJson(response, 200, await this.documents.of(tenant), PUBLIC_DOCUMENT);
  }
}
