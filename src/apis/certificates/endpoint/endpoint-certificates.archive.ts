import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import type { Api, EndpointConfig } from '../../../domain/api.js';
import type { User } from '../../../domain/user.js';
import type { ArchiveFiles } from '../../../platform/archives/read-archive.js';
import type { Tx } from '../../../platform/database/transactions.js';
import { Feed } from '../../../platform/feed/feed.js';
import { type ApiArchivePart, ApiArchiveParts, type ArchiveFormat } from '../../archives/api-archive-parts.js';
import { type ArchiveFile, ArchiveTexts } from '../../archives/archive-texts.js';
import { addressesOf, serverOf, serversOf } from '../../endpoint-address.js';
import { ApiTables } from '../../revisions/api-tables.js';
import { certificateFiles, certificatesIn } from '../certificate-files.js';
import { CertificatesFileUnreadable } from '../certificates.problems.js';
import { EndpointCertificateEntity } from './endpoint-certificate.entity.js';
import { ENDPOINT_CHARACTERS_MAX } from './endpoint-certificates.service.js';

const FOLDER = 'Endpoint-certificates';
const TYPE = 'endpoint_certificates';

/** The certificates of the backends of an API in its archive. */
@Injectable()
export class EndpointCertificatesArchive implements OnModuleInit, ApiArchivePart {
  constructor(
    @InjectRepository(EndpointCertificateEntity) private readonly certificates: Repository<EndpointCertificateEntity>,
    private readonly parts: ApiArchiveParts,
    private readonly texts: ArchiveTexts,
    private readonly tables: ApiTables,
    private readonly feed: Feed,
  ) {}

  onModuleInit(): void {
    this.parts.register(this);
  }

  async write(api: Api, revisionId: string | null, format: ArchiveFormat): Promise<readonly ArchiveFile[]> {
    const endpoints = await this.tables.rows<{ readonly config: EndpointConfig }>('api_endpoints', api, revisionId);
    const configs = [api.details.endpointConfig ?? {}, ...endpoints.map(({ config }) => config)];
    const server = In([...serversOf(configs.flatMap(addressesOf))]);
    const certificates = await this.certificates.find({ where: { organization: api.organization, server }, order: { alias: 'ASC' } });
    const written = certificates.map(({ alias, endpoint, pem }) => ({ alias, pem, entry: { endpoint } }));
    return certificateFiles(this.texts, FOLDER, TYPE, written, format);
  }

  /** They belong to the tenant, so one whose alias exists is left as it is. @throws CertificatesFileUnreadable, UnreadableCertificate (400). */
  async read(tx: Tx, _: User, { organization }: Api, files: ArchiveFiles): Promise<void> {
    const rows = (await certificatesIn(this.texts, files, FOLDER, TYPE)).map(({ alias, pem, entry }) => {
      // The CLI calls it the name of the host.
      const endpoint = entry['endpoint'] ?? entry['hostName'];
      if (typeof endpoint !== 'string' || endpoint.length > ENDPOINT_CHARACTERS_MAX) throw CertificatesFileUnreadable(`${FOLDER}/${TYPE}`);
      return { organization, alias, endpoint, server: serverOf(endpoint), pem };
    });
    if (rows.length === 0) return;
    await tx.em.createQueryBuilder().insert().into(EndpointCertificateEntity).values(rows).orIgnore().execute();
    const kept = await tx.em.findBy(EndpointCertificateEntity, { organization, alias: In(rows.map(({ alias }) => alias)) });
    for (const { alias, server, pem } of kept) await this.feed.put(tx, organization, 'endpoint-certificate', alias, { server, pem });
  }
}
