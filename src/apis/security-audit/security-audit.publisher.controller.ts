import { Get, Param } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import type { AuditReportDto } from './security-audit.dto.js';
import { SecurityAudits } from './security-audit.service.js';

@PublisherController('apis/:apiId/auditapi', 'API Audit')
export class SecurityAuditPublisherController {
  constructor(private readonly audits: SecurityAudits) {}

  @Get()
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAuditReportOfAPI' })
  @ApiHeader({ name: 'Accept', required: false })
  async getAuditReportOfAPI(@Param('apiId') apiId: string, @Caller() caller: User): Promise<AuditReportDto> {
    const { report, grade, numErrors, externalApiId } = await this.audits.audit(caller, apiId);
    return { report, grade, numErrors, externalApiId };
  }
}
