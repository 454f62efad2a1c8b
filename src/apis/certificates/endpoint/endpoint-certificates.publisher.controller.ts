import { Body, Delete, Get, Param, Post, Put, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { tenantContext } from '../../../domain/organization.js';
import type { User } from '../../../domain/user.js';
import { Caller } from '../../../platform/http/caller.js';
import { PublisherController } from '../../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../../platform/http/page.js';
import { created, type Reply } from '../../../platform/http/reply.js';
import { Scopes } from '../../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../../platform/http/upload.js';
import { CERTIFICATE_BYTES_MAX } from '../certificate.js';
import { filterOf, sentCertificate } from '../certificate-upload.js';
import {
  AddEndpointCertificateForm,
  APIMetadataListDto,
  CertificateInfoDto,
  CertificatesDto,
  CertMetadataDto,
  UpdateEndpointCertificateForm,
} from '../certificates.dto.js';
import { certificateReply, toCertificateInfoDto } from '../certificates.mapper.js';
import { EndpointCertificatesService } from './endpoint-certificates.service.js';

const READ = [
  ...['apim:api_view', 'apim:api_manage', 'apim:mcp_server_view', 'apim:mcp_server_manage'],
  ...['apim:ep_certificates_view', 'apim:ep_certificates_manage'],
] as const;
const WRITE = ['apim:api_create', 'apim:api_manage', 'apim:mcp_server_create', 'apim:mcp_server_manage'] as const;
const CHANGE = [...WRITE, 'apim:ep_certificates_update', 'apim:ep_certificates_manage'] as const;

@PublisherController('endpoint-certificates', 'Endpoint Certificates')
export class EndpointCertificatesPublisherController {
  constructor(private readonly certificates: EndpointCertificatesService) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getEndpointCertificates' })
  @Paged()
  @ApiQuery({ name: 'alias', required: false, schema: { type: 'string', maxLength: 30 } })
  @ApiQuery({ name: 'endpoint', required: false, type: String })
  async getEndpointCertificates(
    @Query('alias') alias: unknown,
    @Query('endpoint') endpoint: unknown,
    @Page() window: PageQuery,
    @Caller() caller: User,
  ): Promise<CertificatesDto> {
    const { items, total } = await this.certificates.list(caller, { alias: filterOf(alias), endpoint: filterOf(endpoint) }, window);
    const { count, list: certificates, pagination } = page(items.map(toCertMetadataDto), total, window);
    return { count, certificates, pagination };
  }

  @Post()
  @Scopes(...WRITE, 'apim:ep_certificates_add', 'apim:ep_certificates_manage')
  @ApiOperation({ operationId: 'addEndpointCertificate' })
  @ApiCreatedResponse({ type: CertMetadataDto })
  @UploadUpTo(CERTIFICATE_BYTES_MAX, 'certificate')
  @ApiBody({ type: AddEndpointCertificateForm })
  async addEndpointCertificate(
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: AddEndpointCertificateForm,
    @Caller() caller: User,
  ): Promise<Reply<CertMetadataDto>> {
    const certificate = await this.certificates.add(caller, form, sentCertificate(files));
    return created(`/endpoint-certificates/${encodeURIComponent(certificate.alias)}`, toCertMetadataDto(certificate));
  }

  @Get(':alias')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getEndpointCertificateByAlias' })
  async getEndpointCertificateByAlias(@Param('alias') alias: string, @Caller() caller: User): Promise<CertificateInfoDto> {
    return toCertificateInfoDto((await this.certificates.get(caller, alias)).pem);
  }

  @Put(':alias')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'updateEndpointCertificateByAlias' })
  @ApiParam({ name: 'alias', schema: { type: 'string', minLength: 1, maxLength: 30 } })
  @UploadUpTo(CERTIFICATE_BYTES_MAX, 'certificate')
  @ApiBody({ type: UpdateEndpointCertificateForm })
  async updateEndpointCertificateByAlias(
    @Param('alias') alias: string,
    @UploadedFiles() files: UploadedFields | undefined,
    @Caller() caller: User,
  ): Promise<CertMetadataDto> {
    return toCertMetadataDto(await this.certificates.replace(caller, alias, sentCertificate(files)));
  }

  @Delete(':alias')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'deleteEndpointCertificateByAlias' })
  async deleteEndpointCertificateByAlias(@Param('alias') alias: string, @Caller() caller: User): Promise<void> {
    await this.certificates.remove(caller, alias);
  }

  @Get(':alias/content')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getEndpointCertificateContentByAlias' })
  @ApiProduces('application/octet-stream')
  async getEndpointCertificateContentByAlias(@Param('alias') alias: string, @Caller() caller: User): Promise<Reply<string>> {
    return certificateReply(alias, (await this.certificates.get(caller, alias)).pem);
  }

  @Get(':alias/usage')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getCertificateUsageByAlias' })
  @Paged()
  async getCertificateUsageByAlias(
    @Param('alias') alias: string,
    @Page() window: PageQuery,
    @Caller() caller: User,
  ): Promise<APIMetadataListDto> {
    const { items, total } = await this.certificates.usage(caller, alias, window);
    const apis = items.map(({ id, organization, name, context, version, provider }) => ({
      id,
      name,
      context: tenantContext(organization, context),
      version,
      provider,
    }));
    return page(apis, total, window);
  }
}

const toCertMetadataDto = ({ alias, endpoint }: CertMetadataDto): CertMetadataDto => ({ alias, endpoint });
