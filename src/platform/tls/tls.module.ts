import { Global, Module } from '@nestjs/common';
import { HostCertificates } from './host-certificates.js';
import { ServerCertificate } from './server-certificate.js';

@Global()
@Module({ providers: [ServerCertificate, HostCertificates], exports: [ServerCertificate, HostCertificates] })
export class TlsModule {}
