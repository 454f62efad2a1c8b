import type { ConfiguredStore, TenantConfig } from './tenant-config.js';

/** The document as administrators read it: no password is shown. */
export const withoutPasswords = (config: TenantConfig): TenantConfig => withStores(config, (store) => ({ ...store, password: '' }));

/**
 * The document as it is stored. An empty password means the one that the same account of the same store had before, sealed already: with another
 * account or address it has to be said again, so that nobody learns it by having it sent elsewhere.
 */
export const withSealedPasswords = (config: TenantConfig, before: TenantConfig, seal: (password: string) => string): TenantConfig =>
  withStores(config, (store) => ({ ...store, password: store.password === '' ? keptPassword(store, before) : seal(store.password) }));

/** The first store that would have no password; undefined when all have one. */
export const storeWithoutPassword = (config: TenantConfig, before: TenantConfig): string | undefined =>
  config.ExternalStores?.find((store) => store.password === '' && keptPassword(store, before) === '')?.id;

const withStores = (config: TenantConfig, change: (store: ConfiguredStore) => ConfiguredStore): TenantConfig =>
  config.ExternalStores === undefined ? config : { ...config, ExternalStores: config.ExternalStores.map(change) };

const keptPassword = ({ id, endpoint, username }: ConfiguredStore, { ExternalStores = [] }: TenantConfig): string =>
  ExternalStores.find((known) => known.id === id && known.endpoint === endpoint && known.username === username)?.password ?? '';
