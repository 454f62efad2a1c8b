import { Body, Delete, Get, Headers, Param, Post, Put, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { productRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { Upload, type UploadedFields } from '../../platform/http/upload.js';
import type { DocumentEntity } from '../documents/document.entity.js';
import { contentReply } from '../documents/document-content.reply.js';
import { AddAPIDocumentContentForm, DocumentDto, DocumentListDto } from '../documents/documents.dto.js';
import { toDocumentDto, toListedDocumentDto } from '../documents/documents.mapper.js';
import { DocumentsService } from '../documents/documents.service.js';

const READ = ['apim:api_view', 'apim:api_publish', 'apim:api_manage'] as const;
const CHANGE = ['apim:api_publish', 'apim:api_manage'] as const;

@PublisherController('api-products/:apiProductId/documents', 'API Product Documents')
export class ProductDocumentsPublisherController {
  constructor(private readonly documents: DocumentsService) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIProductDocuments' })
  @Paged()
  @ApiHeader({ name: 'Accept', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIProductDocuments(
    @Param('apiProductId') id: string,
    @Page() window: PageQuery,
    @Caller() caller: User,
  ): Promise<DocumentListDto> {
    const { items, total } = await this.documents.list(caller, productRef(id), window);
    return page(items.map(toListedDocumentDto), total, window);
  }

  @Post()
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'addAPIProductDocument' })
  @ApiCreatedResponse({ type: DocumentDto })
  async addAPIProductDocument(
    @Param('apiProductId') id: string,
    @Body() body: DocumentDto,
    @Caller() caller: User,
  ): Promise<Reply<DocumentDto>> {
    const document = await this.documents.create(caller, productRef(id), body);
    return created(`/api-products/${id}/documents/${document.id}`, toDocumentDto(document));
  }

  @Get(':documentId')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIProductDocument' })
  @ApiHeader({ name: 'Accept', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIProductDocument(
    @Param('apiProductId') id: string,
    @Param('documentId') documentId: string,
    @Caller() caller: User,
  ): Promise<DocumentDto> {
    return toDocumentDto(await this.documents.get(caller, productRef(id), documentId));
  }

  @Put(':documentId')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'updateAPIProductDocument' })
  @ApiHeader({ name: 'If-Match', required: false })
  async updateAPIProductDocument(
    @Param('apiProductId') id: string,
    @Param('documentId') documentId: string,
    @IfMatch() precondition: Precondition,
    @Body() body: DocumentDto,
    @Caller() caller: User,
  ): Promise<DocumentDto> {
    return toDocumentDto(await this.documents.update(caller, productRef(id), documentId, body, asShown(precondition)));
  }

  @Delete(':documentId')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'deleteAPIProductDocument' })
  @ApiHeader({ name: 'If-Match', required: false })
  async deleteAPIProductDocument(
    @Param('apiProductId') id: string,
    @Param('documentId') documentId: string,
    @IfMatch() precondition: Precondition,
    @Caller() caller: User,
  ): Promise<void> {
    await this.documents.remove(caller, productRef(id), documentId, asShown(precondition));
  }

  @Get(':documentId/content')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIProductDocumentContent' })
  @ApiProduces('application/octet-stream')
  @ApiHeader({ name: 'Accept', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIProductDocumentContent(
    @Param('apiProductId') id: string,
    @Param('documentId') documentId: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    return contentReply(await this.documents.withContent(caller, productRef(id), documentId), ifNoneMatch);
  }

  @Post(':documentId/content')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'addAPIProductDocumentContent' })
  @ApiCreatedResponse({ type: DocumentDto })
  @ApiHeader({ name: 'If-Match', required: false })
  @Upload('file')
  @ApiBody({ type: AddAPIDocumentContentForm })
  async addAPIProductDocumentContent(
    @Param('apiProductId') id: string,
    @Param('documentId') documentId: string,
    @IfMatch() precondition: Precondition,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: AddAPIDocumentContentForm,
    @Caller() caller: User,
  ): Promise<Reply<DocumentDto>> {
    const content = { file: files?.['file']?.[0], text: form.inlineContent };
    const document = await this.documents.setContent(caller, productRef(id), documentId, content, asShown(precondition));
    return created(`/api-products/${id}/documents/${documentId}/content`, toDocumentDto(document));
  }
}

const asShown = (precondition: Precondition) => (current: DocumentEntity) => precondition(toDocumentDto(current));
