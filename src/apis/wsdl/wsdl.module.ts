import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApisModule } from '../apis.module.js';
import { ApiArchivePartsModule } from '../archives/api-archive-parts.module.js';
import { ResourcePoliciesModule } from '../resource-policies/resource-policies.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { WsdlDevportalController } from './wsdl.devportal.controller.js';
import { WsdlEntity } from './wsdl.entity.js';
import { WsdlPublisherController } from './wsdl.publisher.controller.js';
import { WsdlImports } from './wsdl-imports.service.js';
import { WsdlLinks } from './wsdl-links.js';
import { WsdlReader } from './wsdl-reader.js';
import { WsdlsService } from './wsdls.service.js';

/** APIs of SOAP services, made from their WSDLs. */
@Module({
  imports: [TypeOrmModule.forFeature([WsdlEntity]), ApisModule, RevisionsModule, ResourcePoliciesModule, ApiArchivePartsModule],
  controllers: [WsdlPublisherController, WsdlDevportalController],
  providers: [WsdlImports, WsdlLinks, WsdlReader, WsdlsService],
})
export class WsdlModule {}
