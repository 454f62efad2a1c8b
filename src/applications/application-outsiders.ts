import { Injectable } from '@nestjs/common';
import { ApiKeyRows } from '../api-keys/api-key-rows.js';
import type { Application } from '../domain/application.js';
import { isSharedWith, NO_STANDING } from '../domain/application-sharing.js';
import type { Tx } from '../platform/database/transactions.js';
import { ApplicationSharing } from './application-sharing.js';

/** Those with whom an application is shared no more. */
@Injectable()
export class ApplicationOutsiders {
  constructor(
    private readonly apiKeys: ApiKeyRows,
    private readonly sharing: ApplicationSharing,
  ) {}

  /** With whom the application is shared no more, those lose the API keys that they made for it. */
  async close(tx: Tx, application: Application): Promise<void> {
    const { organization, id, owner } = application;
    const others = (await this.apiKeys.ownersOf(tx, organization, id)).filter((name) => name !== owner);
    if (others.length === 0) return;
    const standings = await this.sharing.standingsOf(organization, others, tx.em);
    const outsiders = others.filter((name) => !isSharedWith(application, standings.get(name) ?? NO_STANDING));
    await this.apiKeys.removeByApplication(tx, organization, id, outsiders);
  }
}
