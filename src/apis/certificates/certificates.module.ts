import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ThrottlingModule } from '../../throttling/throttling.module.js';
import { ApiArchivePartsModule } from '../archives/api-archive-parts.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ClientCertificateEntity } from './client/client-certificate.entity.js';
import { ClientCertificatesArchive } from './client/client-certificates.archive.js';
import { ClientCertificatesPublisherController } from './client/client-certificates.publisher.controller.js';
import { ClientCertificatesService } from './client/client-certificates.service.js';
import { ClientCertsPublisherController } from './client/client-certs.publisher.controller.js';
import { CertificateUsage } from './endpoint/certificate-usage.queries.js';
import { EndpointCertificateEntity } from './endpoint/endpoint-certificate.entity.js';
import { EndpointCertificatesArchive } from './endpoint/endpoint-certificates.archive.js';
import { EndpointCertificatesPublisherController } from './endpoint/endpoint-certificates.publisher.controller.js';
import { EndpointCertificatesService } from './endpoint/endpoint-certificates.service.js';

/** Certificates of backends, which a tenant trusts, and of clients, which may call an API. */
@Module({
  imports: [
    TypeOrmModule.forFeature([EndpointCertificateEntity, ClientCertificateEntity]),
    RevisionsModule,
    ThrottlingModule,
    ApiArchivePartsModule,
  ],
  controllers: [EndpointCertificatesPublisherController, ClientCertificatesPublisherController, ClientCertsPublisherController],
  providers: [
    ...[EndpointCertificatesService, EndpointCertificatesArchive, CertificateUsage],
    ...[ClientCertificatesService, ClientCertificatesArchive],
  ],
})
export class CertificatesModule {}
