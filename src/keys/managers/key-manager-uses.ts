import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface ApiUsingKeyManager {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly context: string;
  readonly provider: string;
  readonly type: string;
  readonly status: string;
  readonly description: string;
  readonly advertiseOnly: boolean;
  /** All that the API names. */
  readonly keyManagers: readonly string[];
}

export interface ApplicationUsingKeyManager {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly organization: string;
}

export interface UsePage<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** What a module can tell of the key managers that its things name. */
export interface KeyManagerUse<T> {
  /** The names in use in a tenant; in all of them when none is given. */
  names(em: EntityManager, organization: string | undefined): Promise<readonly string[]>;
  /** One page of the tenant's things that name this key manager, by name. */
  page(em: EntityManager, organization: string, keyManager: string, limit: number, offset: number): Promise<UsePage<T>>;
}

/** The modules of APIs and of applications register here in `onModuleInit`, so that no key manager in use is deleted. */
@Injectable()
export class KeyManagerUses {
  private apiUse: KeyManagerUse<ApiUsingKeyManager> | undefined;
  private applicationUse: KeyManagerUse<ApplicationUsingKeyManager> | undefined;

  registerApis(use: KeyManagerUse<ApiUsingKeyManager>): void {
    this.apiUse = use;
  }

  registerApplications(use: KeyManagerUse<ApplicationUsingKeyManager>): void {
    this.applicationUse = use;
  }

  async names(em: EntityManager, organization: string | undefined): Promise<ReadonlySet<string>> {
    const [byApis, byApplications] = [await this.apiUse?.names(em, organization), await this.applicationUse?.names(em, organization)];
    return new Set([...(byApis ?? []), ...(byApplications ?? [])]);
  }

  async apis(...page: Parameters<KeyManagerUse<ApiUsingKeyManager>['page']>): Promise<UsePage<ApiUsingKeyManager>> {
    return (await this.apiUse?.page(...page)) ?? NOTHING;
  }

  async applications(...page: Parameters<KeyManagerUse<ApplicationUsingKeyManager>['page']>): Promise<UsePage<ApplicationUsingKeyManager>> {
    return (await this.applicationUse?.page(...page)) ?? NOTHING;
  }
}

const NOTHING = { items: [], total: 0 };
