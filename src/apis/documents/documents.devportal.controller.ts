import { Get, Headers, Param } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import type { Reply } from '../../platform/http/reply.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import { contentReply } from './document-content.reply.js';
import { DocumentReads } from './document-reads.js';
import { DevportalDocumentDto, DevportalDocumentListDto } from './documents.dto.js';
import { toDevportalDocumentDto } from './documents.mapper.js';

/** Open to whoever may open the API. */
@DevportalController('apis/:apiId/documents', 'API Documents')
@Anonymous()
export class DocumentsDevportalController {
  constructor(
    private readonly apis: PortalApisService,
    private readonly documents: DocumentReads,
  ) {}

  @Get()
  @Paged()
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getDocuments(
    @Param('apiId') apiId: string,
    @Page() window: PageQuery,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<DevportalDocumentListDto> {
    const api = await this.apis.readable({ organization, caller }, apiId);
    const { items, total } = await this.documents.list(api, window, caller ?? null);
    return page(items.map(toDevportalDocumentDto), total, window);
  }

  @Get(':documentId')
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getDocument(
    @Param('apiId') apiId: string,
    @Param('documentId') documentId: string,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<DevportalDocumentDto> {
    const api = await this.apis.readable({ organization, caller }, apiId);
    return toDevportalDocumentDto(await this.documents.get(api, documentId, caller ?? null));
  }

  @Get(':documentId/content')
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getDocumentContent(
    @Param('apiId') apiId: string,
    @Param('documentId') documentId: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<Reply<string>> {
    const api = await this.apis.readable({ organization, caller }, apiId);
    return contentReply(await this.documents.withContent(api, documentId, caller ?? null), ifNoneMatch);
  }
}
