import { Module } from '@nestjs/common';
import { ConsumptionAdminController } from './consumption.admin.controller.js';
import { ConsumptionQueries } from './consumption.queries.js';

/** What the gateways counted, for administrators. */
@Module({ controllers: [ConsumptionAdminController], providers: [ConsumptionQueries] })
export class ConsumptionModule {}
