import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DEFAULT_LIFECYCLE, type Lifecycle } from '../../domain/lifecycle.js';
import type { TenantConfig } from '../../identity/tenant-config/tenant-config.js';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';

/** The life cycle of each tenant: its own (`LifeCycle` of the tenant configuration), else the default one. */
@Injectable()
export class TenantLifecycles {
  constructor(private readonly configs: TenantConfigs) {}

  /** As of now; inside a transaction when its manager is given. */
  async of(organization: string, em?: EntityManager): Promise<Lifecycle> {
    return lifecycleOf(await this.configs.of(organization, em));
  }
}

export const lifecycleOf = ({ LifeCycle }: Pick<TenantConfig, 'LifeCycle'>): Lifecycle =>
  LifeCycle?.States.map(({ State, CheckItems = [], Transitions = [] }) => ({
    name: State,
    checkItems: CheckItems,
    transitions: Transitions.map(({ Event, Target }) => ({ action: Event, target: Target })),
  })) ?? DEFAULT_LIFECYCLE;
