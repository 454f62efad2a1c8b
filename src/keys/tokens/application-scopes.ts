import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OAuthClient } from '../clients/oauth-client.js';
import { RESIDENT } from '../managers/key-manager.js';

interface Row {
  readonly isOfApplication: boolean;
  readonly subscribed: readonly string[];
}

/** What a client's own scopes are worth now: they were checked when they were listed, but subscriptions end and APIs change. */
@Injectable()
export class ApplicationScopes {
  constructor(private readonly database: DataSource) {}

  /**
   * Those that APIs of its tenant have which the client's application is subscribed to. A client that was not made for an application keeps all: whoever
   * registered it answers for them. No statement for a client without scopes.
   */
  async of({ organization, clientId, scopes }: Pick<OAuthClient, 'organization' | 'clientId' | 'scopes'>): Promise<readonly string[]> {
    if (scopes.length === 0) return [];
    const [row]: readonly Row[] = await this.database.query(
      `WITH own AS (SELECT organization, application_id FROM application_keys WHERE key_manager_organization = $1 AND key_manager = $3 AND consumer_key = $2 AND mode = 'CREATED')
       SELECT EXISTS (SELECT 1 FROM own) AS "isOfApplication", ARRAY(
         SELECT DISTINCT scope ->> 'name' FROM own
           JOIN subscriptions AS subscription ON subscription.organization = own.organization AND subscription.application_id = own.application_id
             AND subscription.api_organization = $1
             AND subscription.state NOT IN ('ON_HOLD', 'REJECTED')
           JOIN apis AS api ON api.organization = $1 AND api.id = subscription.api_id
           CROSS JOIN LATERAL jsonb_array_elements(api.details -> 'scopes') AS scope) AS subscribed`,
      [organization, clientId, RESIDENT],
    );
    return row?.isOfApplication ? scopes.filter((scope) => row.subscribed.includes(scope)) : scopes;
  }
}
