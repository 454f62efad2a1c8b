import { Module } from '@nestjs/common';
import { RevisionsModule } from '../apis/revisions/revisions.module.js';
import { AddressedTenants } from './addressed-tenants.js';
import { DeployedArtifacts } from './deployed-artifacts.js';
import { ArtifactsController } from './gateway-rest/artifacts.controller.js';
import { ArtifactsService } from './gateway-rest/artifacts.service.js';
import { RuntimeController } from './gateway-rest/runtime.controller.js';
import { RuntimeRows } from './runtime-rows.js';

/** What gateways serve and know, for operators and for gateways of others. */
@Module({
  imports: [RevisionsModule],
  controllers: [ArtifactsController, RuntimeController],
  providers: [AddressedTenants, DeployedArtifacts, ArtifactsService, RuntimeRows],
})
export class RuntimeDataModule {}
