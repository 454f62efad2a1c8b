import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EventMap } from '../domain/events.js';
import { compareVersions } from '../domain/lifecycle.js';
import { TenantConfigs } from '../identity/tenant-config/tenant-configs.js';
import { Events } from '../platform/events/events.js';
import { Log } from '../platform/logging/log.js';
import { Mailer } from './mailer.js';
import { newVersionMail, newVersionTemplates } from './notice-text.js';

interface Version {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** Tells the subscribers of an API's older versions that a new one was published, where their tenant wants that. */
@Injectable()
export class NewVersionNotices implements OnModuleInit, OnModuleDestroy {
  private stop: () => void = () => undefined;

  constructor(
    private readonly database: DataSource,
    private readonly configs: TenantConfigs,
    private readonly mailer: Mailer,
    private readonly events: Events,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.stop = this.events.on('api.version-published', (published) => this.announce(published));
  }

  onModuleDestroy(): void {
    this.stop();
  }

  private async announce({ organization, apiId }: EventMap['api.version-published']): Promise<void> {
    const templates = newVersionTemplates(await this.configs.of(organization));
    if (templates.length === 0) return;
    const versions: readonly Version[] = await this.database.query(
      `SELECT v.id, v.name, v.version FROM apis AS v JOIN apis AS new ON new.organization = v.organization AND new.name = v.name
       WHERE new.organization = $1 AND new.id = $2`,
      [organization, apiId],
    );
    const api = versions.find(({ id }) => id === apiId);
    if (api === undefined) return;
    const older = versions.filter(({ version }) => compareVersions(version, api.version) < 0).map(({ id }) => id);
    const addresses = await this.addressesOf(organization, older);
    const leftOut = this.mailer.post(addresses.flatMap((to) => templates.map((template) => newVersionMail(template, api, to))));
    if (leftOut > 0) this.log.warn({ organization, apiId, leftOut }, 'too many mails are waiting; some were left out');
  }

  /** The addresses of those whose applications hold subscriptions that were granted; whoever has none is passed over. */
  private async addressesOf(organization: string, apiIds: readonly string[]): Promise<readonly string[]> {
    if (apiIds.length === 0) return [];
    const rows: readonly { address: string }[] = await this.database.query(
      `SELECT DISTINCT u.claims ->> 'emailaddress' AS address FROM subscriptions AS s
       JOIN applications AS a ON a.id = s.application_id AND a.organization = s.organization
       JOIN users AS u ON u.organization = a.organization AND lower(u.name) = lower(a.owner)
       WHERE s.api_organization = $1 AND s.api_id = ANY ($2::uuid[]) AND s.state NOT IN ('ON_HOLD', 'REJECTED') AND u.claims ->> 'emailaddress' LIKE '%_@_%'`,
      [organization, apiIds],
    );
    return rows.map(({ address }) => address);
  }
}
