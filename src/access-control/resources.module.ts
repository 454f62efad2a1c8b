import { Module } from '@nestjs/common';
import { AccessControlModule } from './access-control.module.js';
import { ResourcesGatehouseController } from './resources.gatehouse.controller.js';

/** Where administrators look at what a server serves. */
@Module({ imports: [AccessControlModule], controllers: [ResourcesGatehouseController] })
export class ResourcesModule {}
