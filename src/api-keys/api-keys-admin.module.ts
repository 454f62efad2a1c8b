import { Module } from '@nestjs/common';
import { ApiKeyRowsModule } from './api-key-rows.module.js';
import { ApiKeysAdminController } from './api-keys.admin.controller.js';
import { ApiKeysAdminService } from './api-keys.admin.service.js';
import { ApiKeysQueries } from './api-keys.queries.js';

/** API keys in the admin API. */
@Module({
  imports: [ApiKeyRowsModule],
  controllers: [ApiKeysAdminController],
  providers: [ApiKeysAdminService, ApiKeysQueries],
})
export class ApiKeysAdminModule {}
