import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ApisService } from '../apis.service.js';
import { ApisForChange } from '../apis-for-change.js';
import { AuditClient } from './audit-client.js';
import type { AuditReport, AuditService } from './audit-service.js';
import { AuditServices } from './audit-services.js';
import { SecurityAuditEntity } from './security-audit.entity.js';
import { AuditNotConfigured } from './security-audit.problems.js';

export interface ApiAudit extends AuditReport {
  readonly externalApiId: string;
}

/** Has the definitions of APIs audited by the service that is configured. */
@Injectable()
export class SecurityAudits {
  constructor(
    @InjectRepository(SecurityAuditEntity) private readonly audits: Repository<SecurityAuditEntity>,
    private readonly apis: ApisService,
    private readonly forChange: ApisForChange,
    private readonly services: AuditServices,
    private readonly client: AuditClient,
    private readonly transactions: Transactions,
  ) {}

  /** @throws ApiNotFound, DefinitionNotFound (404), AuditNotConfigured, AuditFailed (400). */
  async audit(caller: User, apiId: string): Promise<ApiAudit> {
    const content = await this.apis.writtenDefinition(caller, apiId);
    const { name, version, organization } = await this.apis.get(caller, apiId);
    const service = await this.services.of(organization);
    if (service === undefined) throw AuditNotConfigured();
    const known = await this.audits.findOneBy({ organization, apiId });
    const definition = { name: `${name}:${version}`, content };
    const isKept = known !== null && (await this.client.replace(service, known.externalId, definition));
    const externalApiId = isKept ? known.externalId : await this.added(caller, apiId, service, definition);
    return { ...(await this.client.report(service, externalApiId)), externalApiId };
  }

  private async added(caller: User, apiId: string, service: AuditService, definition: { name: string; content: string }): Promise<string> {
    const externalId = await this.client.add(service, definition);
    await this.transactions.run(async (tx) => {
      const { id, organization } = await this.forChange.hold(tx, caller, apiRef(apiId));
      await tx.em.upsert(SecurityAuditEntity, { apiId: id, organization, externalId }, ['apiId']);
    });
    return externalId;
  }
}
