import { Body, Delete, Get, Param, Post, Put, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../../domain/user.js';
import { Caller } from '../../../platform/http/caller.js';
import { PublisherController } from '../../../platform/http/controllers.js';
import { Page, Paged, type PageQuery } from '../../../platform/http/page.js';
import { created, type Reply } from '../../../platform/http/reply.js';
import { Scopes } from '../../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../../platform/http/upload.js';
import { CERTIFICATE_BYTES_MAX } from '../certificate.js';
import { filterOf, sentCertificate } from '../certificate-upload.js';
import {
  AddClientCertificateForm,
  CertificateInfoDto,
  ClientCertificatesDto,
  ClientCertMetadataDto,
  UpdateClientCertificateForm,
} from '../certificates.dto.js';
import { certificateReply, toCertificateInfoDto } from '../certificates.mapper.js';
import { CLIENT_CERTIFICATES_READ as READ, toClientCertificatesDto, toClientCertMetadataDto } from './client-certificates.mapper.js';
import { type CertificateOwner, ClientCertificatesService } from './client-certificates.service.js';

const CHANGE = ['apim:api_create', 'apim:api_manage', 'apim:client_certificates_update'] as const;

/** The older face of the client certificates, which knows production certificates alone. */
@PublisherController('apis/:apiId/client-certificates', 'Client Certificates')
export class ClientCertificatesPublisherController {
  constructor(private readonly certificates: ClientCertificatesService) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIClientCertificates', deprecated: true })
  @Paged()
  @ApiQuery({ name: 'alias', required: false, type: String })
  async getAPIClientCertificates(
    @Param('apiId') apiId: string,
    @Query('alias') alias: unknown,
    @Page() window: PageQuery,
    @Caller() caller: User,
  ): Promise<ClientCertificatesDto> {
    return toClientCertificatesDto(await this.certificates.list(caller, productionOf(apiId), filterOf(alias), window), window);
  }

  @Post()
  @Scopes('apim:api_create', 'apim:api_manage', 'apim:client_certificates_add', 'apim:client_certificates_manage')
  @ApiOperation({ operationId: 'addAPIClientCertificate', deprecated: true })
  @ApiCreatedResponse({ type: ClientCertMetadataDto })
  @UploadUpTo(CERTIFICATE_BYTES_MAX, 'certificate')
  @ApiBody({ type: AddClientCertificateForm })
  async addAPIClientCertificate(
    @Param('apiId') apiId: string,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: AddClientCertificateForm,
    @Caller() caller: User,
  ): Promise<Reply<ClientCertMetadataDto>> {
    const certificate = await this.certificates.add(caller, productionOf(apiId), form, sentCertificate(files));
    return created(`/apis/${apiId}/client-certificates/${encodeURIComponent(certificate.alias)}`, toClientCertMetadataDto(certificate));
  }

  @Get(':alias')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIClientCertificateByAlias', deprecated: true })
  async getAPIClientCertificateByAlias(
    @Param('apiId') apiId: string,
    @Param('alias') alias: string,
    @Caller() caller: User,
  ): Promise<CertificateInfoDto> {
    return toCertificateInfoDto((await this.certificates.get(caller, productionOf(apiId), alias)).pem);
  }

  @Put(':alias')
  @Scopes(...CHANGE, 'apim:client_certificates_manage')
  @ApiOperation({ operationId: 'updateAPIClientCertificateByAlias', deprecated: true })
  @ApiParam({ name: 'alias', schema: { type: 'string', minLength: 1, maxLength: 30 } })
  @UploadUpTo(CERTIFICATE_BYTES_MAX, 'certificate')
  @ApiBody({ type: UpdateClientCertificateForm, required: false })
  async updateAPIClientCertificateByAlias(
    @Param('apiId') apiId: string,
    @Param('alias') alias: string,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() { tier }: UpdateClientCertificateForm,
    @Caller() caller: User,
  ): Promise<ClientCertMetadataDto> {
    return toClientCertMetadataDto(
      await this.certificates.update(caller, productionOf(apiId), alias, { tier, bytes: sentCertificate(files) }),
    );
  }

  @Delete(':alias')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'deleteAPIClientCertificateByAlias', deprecated: true })
  async deleteAPIClientCertificateByAlias(
    @Param('apiId') apiId: string,
    @Param('alias') alias: string,
    @Caller() caller: User,
  ): Promise<void> {
    await this.certificates.remove(caller, productionOf(apiId), alias);
  }

  @Get(':alias/content')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIClientCertificateContentByAlias', deprecated: true })
  @ApiProduces('application/octet-stream')
  async getAPIClientCertificateContentByAlias(
    @Param('apiId') apiId: string,
    @Param('alias') alias: string,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    return certificateReply(alias, (await this.certificates.get(caller, productionOf(apiId), alias)).pem);
  }
}

const productionOf = (apiId: string): CertificateOwner => ({ apiId, keyType: 'PRODUCTION' });
