import { Body, Delete, Get, Headers, HttpCode, Param, Post, Put, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { Upload, type UploadedFields } from '../../platform/http/upload.js';
import type { DocumentEntity } from './document.entity.js';
import { contentReply } from './document-content.reply.js';
import { AddAPIDocumentContentForm, DocumentDto, DocumentListDto } from './documents.dto.js';
import { toDocumentDto, toListedDocumentDto } from './documents.mapper.js';
import { DocumentNotFound } from './documents.problems.js';
import { DocumentsService } from './documents.service.js';

const READ = ['apim:api_view', 'apim:api_manage', 'apim:document_manage'] as const;
const CHANGE = ['apim:api_create', 'apim:api_manage', 'apim:document_manage'] as const;
const CREATE = ['apim:api_create', 'apim:api_manage', 'apim:document_create', 'apim:document_manage'] as const;

@PublisherController('apis/:apiId/documents', 'API Documents')
export class DocumentsPublisherController {
  constructor(private readonly documents: DocumentsService) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIDocuments' })
  @Paged()
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIDocuments(@Param('apiId') apiId: string, @Page() window: PageQuery, @Caller() caller: User): Promise<DocumentListDto> {
    const { items, total } = await this.documents.list(caller, apiRef(apiId), window);
    return page(items.map(toListedDocumentDto), total, window);
  }

  @Post()
  @Scopes(...CREATE)
  @ApiOperation({ operationId: 'addAPIDocument' })
  @ApiCreatedResponse({ type: DocumentDto })
  @ApiHeader({ name: 'If-Match', required: false })
  async addAPIDocument(@Param('apiId') apiId: string, @Body() body: DocumentDto, @Caller() caller: User): Promise<Reply<DocumentDto>> {
    const document = await this.documents.create(caller, apiRef(apiId), body);
    return created(`/apis/${apiId}/documents/${document.id}`, toDocumentDto(document));
  }

  /** 200 for a name that is taken, 404 for a free one. */
  @Post('validate')
  @Scopes(...CREATE)
  @ApiOperation({ operationId: 'validateDocument' })
  @ApiQuery({ name: 'name', required: true, type: String })
  @ApiHeader({ name: 'If-Match', required: false })
  @HttpCode(200)
  async validateDocument(@Param('apiId') apiId: string, @Query('name') name: unknown, @Caller() caller: User): Promise<void> {
    if (typeof name !== 'string' || name.trim() === '' || name.includes('\0')) throw BadRequest('The name must not be empty.');
    if (!(await this.documents.isNameTaken(caller, apiRef(apiId), name))) throw DocumentNotFound(name);
  }

  @Get(':documentId')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIDocumentByDocumentId' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIDocumentByDocumentId(
    @Param('apiId') apiId: string,
    @Param('documentId') documentId: string,
    @Caller() caller: User,
  ): Promise<DocumentDto> {
    return toDocumentDto(await this.documents.get(caller, apiRef(apiId), documentId));
  }

  @Put(':documentId')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'updateAPIDocument' })
  @ApiHeader({ name: 'If-Match', required: false })
  async updateAPIDocument(
    @Param('apiId') apiId: string,
    @Param('documentId') documentId: string,
    @IfMatch() precondition: Precondition,
    @Body() body: DocumentDto,
    @Caller() caller: User,
  ): Promise<DocumentDto> {
    return toDocumentDto(await this.documents.update(caller, apiRef(apiId), documentId, body, asShown(precondition)));
  }

  @Delete(':documentId')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'deleteAPIDocument' })
  @ApiHeader({ name: 'If-Match', required: false })
  async deleteAPIDocument(
    @Param('apiId') apiId: string,
    @Param('documentId') documentId: string,
    @IfMatch() precondition: Precondition,
    @Caller() caller: User,
  ): Promise<void> {
    await this.documents.remove(caller, apiRef(apiId), documentId, asShown(precondition));
  }

  @Get(':documentId/content')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIDocumentContentByDocumentId' })
  @ApiProduces('application/octet-stream')
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIDocumentContentByDocumentId(
    @Param('apiId') apiId: string,
    @Param('documentId') documentId: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    return contentReply(await this.documents.withContent(caller, apiRef(apiId), documentId), ifNoneMatch);
  }

  @Post(':documentId/content')
  @Scopes(...CREATE)
  @ApiOperation({ operationId: 'addAPIDocumentContent' })
  @ApiCreatedResponse({ type: DocumentDto })
  @ApiHeader({ name: 'If-Match', required: false })
  @Upload('file')
  @ApiBody({ type: AddAPIDocumentContentForm })
  async addAPIDocumentContent(
    @Param('apiId') apiId: string,
    @Param('documentId') documentId: string,
    @IfMatch() precondition: Precondition,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: AddAPIDocumentContentForm,
    @Caller() caller: User,
  ): Promise<Reply<DocumentDto>> {
    const content = { file: files?.['file']?.[0], text: form.inlineContent };
    const document = await this.documents.setContent(caller, apiRef(apiId), documentId, content, asShown(precondition));
    return created(`/apis/${apiId}/documents/${documentId}/content`, toDocumentDto(document));
  }
}

const asShown = (precondition: Precondition) => (current: DocumentEntity) => precondition(toDocumentDto(current));
