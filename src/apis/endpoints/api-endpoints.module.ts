import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiArchivePartsModule } from '../archives/api-archive-parts.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ApiEndpointEntity } from './api-endpoint.entity.js';
import { ApiEndpointsArchive } from './api-endpoints.archive.js';
import { ApiEndpointsPublisherController } from './api-endpoints.publisher.controller.js';
import { ApiEndpointsService } from './api-endpoints.service.js';
import { EndpointViews } from './endpoint-views.js';
import { LambdaFunctions } from './lambda-functions.js';
import { LambdaFunctionsPublisherController } from './lambda-functions.publisher.controller.js';
import { PrimaryEndpoints } from './primary-endpoints.js';

/** The endpoints that an API has beside its `endpointConfig`, and how much is shown of all of them. */
@Module({
  imports: [TypeOrmModule.forFeature([ApiEndpointEntity]), RevisionsModule, ApiArchivePartsModule],
  controllers: [ApiEndpointsPublisherController, LambdaFunctionsPublisherController],
  providers: [ApiEndpointsService, ApiEndpointsArchive, EndpointViews, LambdaFunctions, PrimaryEndpoints],
  exports: [EndpointViews, PrimaryEndpoints],
})
export class ApiEndpointsModule {}
