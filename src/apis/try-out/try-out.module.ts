import { Module } from '@nestjs/common';
import { WorkModule } from '../../platform/worker-pool/work.module.js';
import { PortalApisModule } from '../portal/portal-apis.module.js';
import { TryOutGatehouseController } from './try-out.gatehouse.controller.js';
import { TryOutService } from './try-out.service.js';

/** Requests by which subscribers try APIs. */
@Module({ imports: [WorkModule, PortalApisModule], controllers: [TryOutGatehouseController], providers: [TryOutService] })
export class TryOutModule {}
