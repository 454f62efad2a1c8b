import { Injectable } from '@nestjs/common';
import type { Application } from '../domain/application.js';
import { SubscriptionReads } from '../subscriptions/subscription-reads.js';
import { type ApplicationSurroundings, toScopeInfoDto } from './applications.mapper.js';
import { toApplicationKeyDto } from './keys/application-keys.mapper.js';
import { ApplicationKeysService } from './keys/application-keys.service.js';
import { ClientSecretsService } from './keys/client-secrets.service.js';
import { SubscribedScopes } from './subscribed-scopes.js';

/** Gathers what an application's page shows of its keys and subscriptions. */
@Injectable()
export class ApplicationDetails {
  constructor(
    private readonly keys: ApplicationKeysService,
    private readonly secrets: ClientSecretsService,
    private readonly subscriptions: SubscriptionReads,
    private readonly scopes: SubscribedScopes,
  ) {}

  async of({ organization, id }: Pick<Application, 'organization' | 'id'>): Promise<ApplicationSurroundings> {
    const [keys, subscriptions] = await Promise.all([
      this.keys.ofApplication(organization, id),
      this.subscriptions.byApplication(organization, id),
    ]);
    const scopes = await this.scopes.in(subscriptions);
    return {
      subscriptionCount: subscriptions.length,
      keys: keys.map((key) => toApplicationKeyDto(key, this.secrets.readForm)),
      subscriptionScopes: [...scopes.values()].map(toScopeInfoDto),
      hashEnabled: this.secrets.hashesOnly,
    };
  }
}
