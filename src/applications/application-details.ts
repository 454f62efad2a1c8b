import { Injectable } from '@nestjs/common';
import { ApiReads } from '../apis/api-reads.js';
import type { Application } from '../domain/application.js';
import { SubscriptionReads } from '../subscriptions/subscription-reads.js';
import { type ApplicationSurroundings, toScopeInfoDto } from './applications.mapper.js';
import { toApplicationKeyDto } from './keys/application-keys.mapper.js';
import { ApplicationKeysService } from './keys/application-keys.service.js';

/** Gathers what an application's page shows of its keys and subscriptions. */
@Injectable()
export class ApplicationDetails {
  constructor(
    private readonly keys: ApplicationKeysService,
    private readonly subscriptions: SubscriptionReads,
    private readonly apis: ApiReads,
  ) {}

  async of({ organization, id }: Pick<Application, 'organization' | 'id'>): Promise<ApplicationSurroundings> {
    const [keys, subscriptions] = await Promise.all([
      this.keys.ofApplication(organization, id),
      this.subscriptions.byApplication(organization, id),
    ]);
    const apis = await this.apis.byIds(
      organization,
      subscriptions.map(({ apiId }) => apiId),
    );
    const scopes = apis.flatMap(({ details }) => details.scopes.map(toScopeInfoDto));
    return {
      subscriptionCount: subscriptions.length,
      keys: keys.map((key) => toApplicationKeyDto(key, 'masked')),
      subscriptionScopes: [...new Map(scopes.map((scope) => [scope.key, scope])).values()],
    };
  }
}
