import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { FindOptionsWhere, Repository } from 'typeorm';
import { BadRequest, found } from '../../../domain/problem.js';
import type { User } from '../../../domain/user.js';
import { onConflict, Transactions } from '../../../platform/database/transactions.js';
import { Feed } from '../../../platform/feed/feed.js';
import type { PageQuery } from '../../../platform/http/page.js';
import { serverOf } from '../../endpoint-address.js';
import { readCertificate } from '../certificate.js';
import { isStorable, neededCertificate } from '../certificate-upload.js';
import { AliasExists, CertificateNotFound } from '../certificates.problems.js';
import { CertificateUsage, type UsingApi } from './certificate-usage.queries.js';
import { EndpointCertificateEntity } from './endpoint-certificate.entity.js';

/** A certificate without its content. */
export type ListedCertificate = Pick<EndpointCertificateEntity, 'alias' | 'endpoint'>;

export interface CertificateFilter {
  readonly alias: string | undefined;
  readonly endpoint: string | undefined;
}

export const ENDPOINT_CHARACTERS_MAX = 2_048;

/** The certificates of backends that a tenant trusts. */
@Injectable()
export class EndpointCertificatesService {
  constructor(
    @InjectRepository(EndpointCertificateEntity) private readonly certificates: Repository<EndpointCertificateEntity>,
    private readonly usages: CertificateUsage,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
  ) {}

  /** One page by alias, and how many there are. */
  async list(
    { organization }: User,
    { alias, endpoint }: CertificateFilter,
    { limit, offset }: PageQuery,
  ): Promise<{ readonly items: readonly ListedCertificate[]; readonly total: number }> {
    if (![alias, endpoint].every((text) => text === undefined || isStorable(text))) return { items: [], total: 0 };
    const where: FindOptionsWhere<EndpointCertificateEntity> = {
      organization,
      ...(alias !== undefined && { alias }),
      ...(endpoint !== undefined && { endpoint }),
    };
    const total = await this.certificates.countBy(where);
    const page = { select: { alias: true, endpoint: true }, order: { alias: 'ASC' }, skip: offset, take: limit } as const;
    // To the driver a page of no rows is one without a limit.
    return { items: limit > 0 ? await this.certificates.find({ where, ...page }) : [], total };
  }

  /** @throws CertificateNotFound (404). */
  async get({ organization }: User, alias: string): Promise<EndpointCertificateEntity> {
    return found(isStorable(alias) ? await this.certificates.findOneBy({ organization, alias }) : null, CertificateNotFound, alias);
  }

  /** @throws AliasExists (409), UnreadableCertificate, CertificateExpired, BadRequest for an endpoint that is too long (400). */
  add({ organization }: User, { alias, endpoint }: ListedCertificate, bytes: Buffer | undefined): Promise<ListedCertificate> {
    if (endpoint.length > ENDPOINT_CHARACTERS_MAX) throw BadRequest(`The endpoint is longer than ${ENDPOINT_CHARACTERS_MAX} characters.`);
    const certificate = { organization, alias, endpoint, server: serverOf(endpoint), pem: readCertificate(neededCertificate(bytes)) };
    return this.transactions.run(async (tx) => {
      await tx.em.insert(EndpointCertificateEntity, certificate).catch(onConflict('endpoint_certificates_pkey', () => AliasExists(alias)));
      await this.feed.put(tx, organization, 'endpoint-certificate', alias, { server: certificate.server, pem: certificate.pem });
      return certificate;
    });
  }

  /** Puts another certificate in the place of one. @throws CertificateNotFound (404), UnreadableCertificate, CertificateExpired (400). */
  replace(caller: User, alias: string, bytes: Buffer | undefined): Promise<ListedCertificate> {
    return this.transactions.run(async (tx) => {
      const { organization } = caller;
      const where = { organization, alias };
      const lock = { mode: 'pessimistic_write' } as const;
      const current = isStorable(alias) ? await tx.em.findOne(EndpointCertificateEntity, { where, lock }) : null;
      const certificate = found(current, CertificateNotFound, alias);
      const pem = readCertificate(neededCertificate(bytes));
      await tx.em.update(EndpointCertificateEntity, where, { pem });
      await this.feed.put(tx, organization, 'endpoint-certificate', alias, { server: certificate.server, pem });
      return certificate;
    });
  }

  /** @throws CertificateNotFound (404). */
  async remove({ organization }: User, alias: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { affected } = isStorable(alias) ? await tx.em.delete(EndpointCertificateEntity, { organization, alias }) : { affected: 0 };
      if (!affected) throw CertificateNotFound(alias);
      await this.feed.remove(tx, organization, 'endpoint-certificate', alias);
    });
  }

  /** The APIs of which an endpoint is on the certificate's server, as far as the caller may see them. @throws CertificateNotFound (404). */
  async usage(caller: User, alias: string, page: PageQuery): Promise<{ readonly items: readonly UsingApi[]; readonly total: number }> {
    const { server } = await this.get(caller, alias);
    return this.usages.of(caller, server, page);
  }
}
