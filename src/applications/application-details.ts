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

  async of(application: Pick<Application, 'organization' | 'id'>): Promise<ApplicationSurroundings> {
    const [keys, subscribed] = await Promise.all([
      this.keys.ofApplication(application.organization, application.id),
      this.subscribed(application),
    ]);
    return {
      ...subscribed,
      keys: keys.map((key) => toApplicationKeyDto(key, this.secrets.readForm)),
      hashEnabled: this.secrets.hashesOnly,
    };
  }

  /** What its subscriptions alone tell: for those who must not see its keys. */
  async subscribed({
    organization,
    id,
  }: Pick<Application, 'organization' | 'id'>): Promise<Pick<ApplicationSurroundings, 'subscriptionCount' | 'subscriptionScopes'>> {
    const subscriptions = await this.subscriptions.byApplication(organization, id);
    const scopes = await this.scopes.in(subscriptions);
    return { subscriptionCount: subscriptions.length, subscriptionScopes: [...scopes.values()].map(toScopeInfoDto) };
  }
}
