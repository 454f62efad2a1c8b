import { Get, Headers, Param } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import type { Reply } from '../../platform/http/reply.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import { thumbnailReply } from './thumbnail-reply.js';
import { ThumbnailsService } from './thumbnails.service.js';

@DevportalController('apis', 'APIs')
export class ThumbnailsDevportalController {
  constructor(
    private readonly apis: PortalApisService,
    private readonly thumbnails: ThumbnailsService,
  ) {}

  @Get(':apiId/thumbnail')
  @Anonymous()
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getThumbnail(
    @Param('apiId') apiId: string,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
    @Headers('if-none-match') known: string | undefined,
  ): Promise<Reply<never>> {
    return thumbnailReply(await this.thumbnails.of(await this.apis.readable({ organization, caller }, apiId)), known);
  }
}
