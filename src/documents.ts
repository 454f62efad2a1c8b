import type { OpenAPIObject } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Config } from './platform/config/config.js';
import { Installation } from './platform/config/installation.js';
import { MODULES, type Profile } from './platform/config/profiles.js';
import { DatabaseAddress } from './platform/database/database-address.js';
import { documentsOf } from './platform/http/openapi.js';
import { createApp } from './server.js';

/** The whole server without starting anything: modules and controllers can be read, none is made. */
export const previewApp = async () => {
  const config = new Config();
  const profile: Profile = { name: 'all-in-one', modules: new Set(MODULES) };
  const key = '0'.repeat(64);
  const app = await createApp(
    {
      config,
      profile,
      encryptionKey: key,
      address: new DatabaseAddress({ connectionString: 'postgres://nowhere' }),
      connect: async (entities) => new DataSource({ type: 'postgres', entities: [...entities] }),
    },
    true,
  );
  return { app, managementUrl: new Installation(config, profile, key).managementUrl };
};

/** The OpenAPI document of each API. */
export const openApiDocuments = async (): Promise<ReadonlyMap<string, OpenAPIObject>> => {
  const { app, managementUrl } = await previewApp();
  return documentsOf(app, managementUrl);
};
