import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Api } from '../../../domain/api.js';
import type { KeyType } from '../../../domain/gateway-documents.js';
import { isSubscriptionlessPolicy } from '../../../domain/subscriptionless.js';
import type { User } from '../../../domain/user.js';
import type { ArchiveFiles } from '../../../platform/archives/read-archive.js';
import type { Tx } from '../../../platform/database/transactions.js';
import { ThrottlingPoliciesService } from '../../../throttling/throttling-policies.service.js';
import { type ApiArchivePart, ApiArchiveParts, type ArchiveFormat } from '../../archives/api-archive-parts.js';
import { type ArchiveFile, ArchiveTexts } from '../../archives/archive-texts.js';
import type { JsonObject } from '../../definitions/json-document.js';
import { ApiTables } from '../../revisions/api-tables.js';
import { DeployedApis } from '../../revisions/deployed-apis.js';
import { certificateFiles, certificatesIn, type ReadCertificate } from '../certificate-files.js';
import { ClientCertificateEntity } from './client-certificate.entity.js';
import { KEY_TYPES } from './client-certificates.service.js';

const FOLDER = 'Client-certificates';
const TYPE = 'client_certificates';

/** A row as the table has it. */
interface CertificateRow extends Pick<ClientCertificateEntity, 'alias' | 'tier' | 'pem'> {
  readonly key_type: KeyType;
}

/** The client certificates of an API in its archive, a folder for each key type. */
@Injectable()
export class ClientCertificatesArchive implements OnModuleInit, ApiArchivePart {
  constructor(
    private readonly parts: ApiArchiveParts,
    private readonly texts: ArchiveTexts,
    private readonly tables: ApiTables,
    private readonly throttling: ThrottlingPoliciesService,
    private readonly deployed: DeployedApis,
  ) {}

  onModuleInit(): void {
    this.parts.register(this);
  }

  async write(api: Api, revisionId: string | null, format: ArchiveFormat): Promise<readonly ArchiveFile[]> {
    const rows = await this.tables.rows<CertificateRow>('api_client_certificates', api, revisionId);
    const files = KEY_TYPES.map((keyType) => {
      const own = rows.filter(({ key_type }) => key_type === keyType).toSorted((a, b) => a.alias.localeCompare(b.alias));
      const written = own.map(({ alias, tier, pem }) => ({ alias, pem, entry: { tierName: tier, keyType } }));
      return certificateFiles(this.texts, `${FOLDER}/${keyType}`, TYPE, written, format);
    });
    return (await Promise.all(files)).flat();
  }

  /** A list beside the two folders is one of an older archive, and of production. @throws CertificatesFileUnreadable, UnreadableCertificate (400). */
  async read(tx: Tx, _: User, { organization, id: apiId, policies }: Api, files: ArchiveFiles): Promise<void> {
    const { em } = tx;
    const folders = [[FOLDER, 'PRODUCTION'] as const, ...KEY_TYPES.map((keyType) => [`${FOLDER}/${keyType}`, keyType] as const)];
    const found: (ReadCertificate & { readonly keyType: KeyType })[] = [];
    for (const [folder, keyType] of folders) {
      for (const certificate of await certificatesIn(this.texts, files, folder, TYPE)) found.push({ ...certificate, keyType });
    }
    const named = [...new Set(found.flatMap(({ entry }) => tierIn(entry) ?? []))];
    const known = policies.length > 0 ? policies : await this.heldPlans(tx, organization, named);
    // Plans of another installation may be called otherwise.
    const otherwise = policies[0] ?? (await this.throttling.defaultName(organization, 'subscription', em));
    const rows = new Map(
      found.map(({ keyType, alias, pem, entry }) => {
        const tier = tierIn(entry);
        const plan = tier !== undefined && known.includes(tier) ? tier : otherwise;
        return [`${keyType} ${alias}`, { apiId, keyType, alias, organization, tier: plan, pem }];
      }),
    );
    await em.delete(ClientCertificateEntity, { organization, apiId });
    if (rows.size > 0) await em.insert(ClientCertificateEntity, [...rows.values()]);
    await this.deployed.refresh(tx, organization, apiId);
  }

  /** Those of the names that are plans, and stay it until the transaction ends. */
  private async heldPlans(tx: Tx, organization: string, names: readonly string[]): Promise<readonly string[]> {
    const stored = names.filter((name) => !isSubscriptionlessPolicy(name));
    const gone = await this.throttling.hold(tx, organization, 'subscription', stored);
    const unknown = await this.throttling.missing(organization, 'subscription', stored, tx.em);
    return names.filter((name) => !gone.includes(name) && !unknown.includes(name));
  }
}

/** The plan an entry names. */
const tierIn = ({ tierName, tier }: JsonObject): string | undefined =>
  [tierName, tier].find((name): name is string => typeof name === 'string' && name !== '');
