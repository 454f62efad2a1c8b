import { Module } from '@nestjs/common';
import { IdentityModule } from '../../identity/identity.module.js';
import { ConfiguredStores } from './configured-stores.js';

/** Knows which stores a tenant has, and no API. */
@Module({ imports: [IdentityModule], providers: [ConfiguredStores], exports: [ConfiguredStores] })
export class ConfiguredStoresModule {}
