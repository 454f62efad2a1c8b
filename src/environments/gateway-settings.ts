import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SUPER_TENANT } from '../domain/organization.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { Transactions } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';

/** The one document of settings that are the same for every API. */
const KEY = 'gateway';

/** Tells all gateways the server-wide settings of the control plane's configuration: the cross-origin rules of APIs that have none of their own. */
@Injectable()
export class GatewaySettings implements OnModuleInit {
  constructor(
    private readonly config: ApimConfig,
    private readonly feed: Feed,
    private readonly transactions: Transactions,
  ) {}

  async onModuleInit(): Promise<void> {
    const { enable, allowOrigins, allowMethods, allowHeaders, allowCredentials, exposeHeaders } = this.config.cors;
    const cors = {
      enabled: enable,
      origins: allowOrigins,
      methods: allowMethods,
      headers: allowHeaders,
      credentials: allowCredentials,
      ...(exposeHeaders.length > 0 && { exposed: exposeHeaders }),
    };
    await this.transactions.run((tx) => this.feed.putIfChanged(tx, SUPER_TENANT, 'settings', KEY, { cors }));
  }
}
