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
import { ClientCertificatesService } from './client-certificates.service.js';

const CHANGE = ['apim:api_create', 'apim:api_manage', 'apim:client_certificates_update'] as const;

@PublisherController('apis/:apiId/client-certs/:keyType', 'Client Certificates')
export class ClientCertsPublisherController {
  constructor(private readonly certificates: ClientCertificatesService) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIClientCertificatesByKeyType' })
  @Paged()
  @ApiQuery({ name: 'alias', required: false, type: String })
  async getAPIClientCertificatesByKeyType(
    @Param('apiId') apiId: string,
    @Param('keyType') keyType: string,
    @Query('alias') alias: unknown,
    @Page() window: PageQuery,
    @Caller() caller: User,
  ): Promise<ClientCertificatesDto> {
    return toClientCertificatesDto(await this.certificates.list(caller, { apiId, keyType }, filterOf(alias), window), window);
  }

  @Post()
  @Scopes('apim:api_create', 'apim:api_manage', 'apim:client_certificates_add', 'apim:client_certificates_manage')
  @ApiOperation({ operationId: 'addAPIClientCertificateOfGivenKeyType' })
  @ApiCreatedResponse({ type: ClientCertMetadataDto })
  @UploadUpTo(CERTIFICATE_BYTES_MAX, 'certificate')
  @ApiBody({ type: AddClientCertificateForm })
  async addAPIClientCertificateOfGivenKeyType(
    @Param('apiId') apiId: string,
    @Param('keyType') keyType: string,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: AddClientCertificateForm,
    @Caller() caller: User,
  ): Promise<Reply<ClientCertMetadataDto>> {
    const certificate = await this.certificates.add(caller, { apiId, keyType }, form, sentCertificate(files));
    return created(`/apis/${apiId}/client-certs/${keyType}/${encodeURIComponent(certificate.alias)}`, toClientCertMetadataDto(certificate));
  }

  @Get(':alias')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIClientCertificateByKeyTypeAndAlias' })
  async getAPIClientCertificateByKeyTypeAndAlias(
    @Param('apiId') apiId: string,
    @Param('keyType') keyType: string,
    @Param('alias') alias: string,
    @Caller() caller: User,
  ): Promise<CertificateInfoDto> {
    return toCertificateInfoDto((await this.certificates.get(caller, { apiId, keyType }, alias)).pem);
  }

  @Put(':alias')
  @Scopes(...CHANGE, 'apim:client_certificates_manage')
  @ApiOperation({ operationId: 'updateAPIClientCertificateByKeyTypeAndAlias' })
  @ApiParam({ name: 'alias', schema: { type: 'string', minLength: 1, maxLength: 30 } })
  @UploadUpTo(CERTIFICATE_BYTES_MAX, 'certificate')
  @ApiBody({ type: UpdateClientCertificateForm, required: false })
  async updateAPIClientCertificateByKeyTypeAndAlias(
    @Param('apiId') apiId: string,
    @Param('keyType') keyType: string,
    @Param('alias') alias: string,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() { tier }: UpdateClientCertificateForm,
    @Caller() caller: User,
  ): Promise<ClientCertMetadataDto> {
    return toClientCertMetadataDto(
      await this.certificates.update(caller, { apiId, keyType }, alias, { tier, bytes: sentCertificate(files) }),
    );
  }

  @Delete(':alias')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'deleteAPIClientCertificateByKeyTypeAndAlias' })
  async deleteAPIClientCertificateByKeyTypeAndAlias(
    @Param('apiId') apiId: string,
    @Param('keyType') keyType: string,
    @Param('alias') alias: string,
    @Caller() caller: User,
  ): Promise<void> {
    await this.certificates.remove(caller, { apiId, keyType }, alias);
  }

  @Get(':alias/content')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIClientCertificateContentByKeyTypeAndAlias' })
  @ApiProduces('application/octet-stream')
  async getAPIClientCertificateContentByKeyTypeAndAlias(
    @Param('apiId') apiId: string,
    @Param('keyType') keyType: string,
    @Param('alias') alias: string,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    return certificateReply(alias, (await this.certificates.get(caller, { apiId, keyType }, alias)).pem);
  }
}
