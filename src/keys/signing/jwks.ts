import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { Events } from '../../platform/events/events.js';
import { SigningKeys } from './signing-keys.js';

const REMEMBERED_MS = 10_000;
const TENANTS_MAX = 10_000;

/** The tenants' JWKS documents, rendered once. */
@Injectable()
export class JwksDocuments implements OnModuleInit {
  private readonly documents = new ExpiringCache<string>(REMEMBERED_MS, TENANTS_MAX);

  constructor(
    private readonly keys: SigningKeys,
    private readonly events: Events,
  ) {}

  onModuleInit(): void {
    this.events.on('signing-key.changed', () => this.documents.clear());
  }

  /** The public signing keys of a tenant as the text of a JWKS document. */
  of(organization: string): Promise<string> {
    return this.documents.get(organization, async () => {
      const { default: jose } = await import('node-jose'); // 100 ms to load, and not needed to start
      const store = jose.JWK.createKeyStore();
      for (const key of await this.keys.publicKeysOf(organization)) await store.add({ ...key });
      return JSON.stringify(store.toJSON());
    });
  }
}
