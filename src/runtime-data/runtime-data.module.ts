import { Module } from '@nestjs/common';
import { ApisModule } from '../apis/apis.module.js';
import { GatewayPoliciesModule } from '../apis/gateway-policies/gateway-policies.module.js';
import { RevisionsModule } from '../apis/revisions/revisions.module.js';
import { CorrelationModule } from '../devops/correlation/correlation.module.js';
import { DevopsModule } from '../devops/devops.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { AddressedTenants } from './addressed-tenants.js';
import { DeployedArtifacts } from './deployed-artifacts.js';
import { ArtifactsController } from './gateway-rest/artifacts.controller.js';
import { ArtifactsService } from './gateway-rest/artifacts.service.js';
import { RuntimeController } from './gateway-rest/runtime.controller.js';
import { DeployedRevisionsController } from './internal/deployed-revisions.controller.js';
import { DeployedRevisions } from './internal/deployed-revisions.service.js';
import { GatewayNeedsController } from './internal/gateway-needs.controller.js';
import { GatewaysController } from './internal/gateways.controller.js';
import { KeyMappingRows } from './internal/key-mapping-rows.js';
import { LoggingDataController } from './internal/logging-data.controller.js';
import { OutsideGateways } from './internal/outside-gateways.service.js';
import { PolicyDataController } from './internal/policy-data.controller.js';
import { PolicyRows } from './internal/policy-rows.js';
import { RuntimeArtifactsController } from './internal/runtime-artifacts.controller.js';
import { RuntimeArtifacts } from './internal/runtime-artifacts.service.js';
import { SecurityDataController } from './internal/security-data.controller.js';
import { SecurityRows } from './internal/security-rows.js';
import { SubscriptionDataController } from './internal/subscription-data.controller.js';
import { TransactionRecordsController } from './internal/transactions.controller.js';
import { TransactionCounts } from './internal/transactions.service.js';
import { WebhookRows } from './internal/webhook-rows.js';
import { RuntimeRows } from './runtime-rows.js';

/** What gateways serve and know, for operators and for gateways of others. */
@Module({
  imports: [ApisModule, GatewayPoliciesModule, RevisionsModule, SubscriptionsModule, KeysModule, DevopsModule, CorrelationModule],
  controllers: [
    ...[ArtifactsController, RuntimeController],
    ...[SubscriptionDataController, PolicyDataController, SecurityDataController, LoggingDataController],
    ...[RuntimeArtifactsController, GatewaysController, DeployedRevisionsController, GatewayNeedsController, TransactionRecordsController],
  ],
  providers: [
    ...[AddressedTenants, DeployedArtifacts, ArtifactsService, RuntimeRows, KeyMappingRows, PolicyRows, SecurityRows],
    ...[OutsideGateways, DeployedRevisions, RuntimeArtifacts, TransactionCounts, WebhookRows],
  ],
})
export class RuntimeDataModule {}
