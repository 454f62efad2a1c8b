import { Module } from '@nestjs/common';
import { ApisModule } from '../apis/apis.module.js';
import { ApplicationsModule } from '../applications/applications.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { SubscriptionRowsModule } from '../subscriptions/subscription-rows.module.js';
import { ApiKeyRowsModule } from './api-key-rows.module.js';
import { ApiKeysDevportalController } from './api-keys.devportal.controller.js';
import { ApiKeysQueries } from './api-keys.queries.js';
import { ApiKeysService } from './api-keys.service.js';
import { ApplicationApiKeysDevportalController } from './application-api-keys.devportal.controller.js';
import { ApplicationApiKeysService } from './application-api-keys.service.js';
import { SignedApiKeys } from './signed-api-keys.js';

/** API keys in the developer portal; what others need of them is in {@link ApiKeyRowsModule}. */
@Module({
  imports: [ApiKeyRowsModule, ApisModule, ApplicationsModule, KeysModule, SubscriptionRowsModule],
  controllers: [ApiKeysDevportalController, ApplicationApiKeysDevportalController],
  providers: [ApiKeysService, ApplicationApiKeysService, ApiKeysQueries, SignedApiKeys],
})
export class ApiKeysModule {}
