import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Caller, MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Page, Paged, type PageQuery } from '../../platform/http/page.js';
import { created, Reply } from '../../platform/http/reply.js';
import { Anonymous, Scopes } from '../../platform/http/scopes.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import type { Viewer } from '../portal/portal-sight.js';
import { parentOf, type RepliesQuery, ReplyPage, styleOf, WITH_COMMENTER } from './comment-query.js';
import { CommentDto, CommentListDto, PatchCommentBodyDto, PostCommentBodyDto } from './comments.dto.js';
import { toCommentDto, toCommentList, toReplyList } from './comments.mapper.js';
import type { CommentThread } from './comments.queries.js';
import { type CommentDoor, CommentsService } from './comments.service.js';

/** The tenant's header counts everywhere, though the contract names it for reading alone: who reads the APIs of another tenant may answer there. */
@DevportalController('apis/:apiId/comments', 'Comments')
export class CommentsDevportalController {
  constructor(
    private readonly comments: CommentsService,
    private readonly apis: PortalApisService,
    private readonly config: ApimConfig,
  ) {}

  @Get()
  @Anonymous()
  @ApiOperation({ operationId: 'getAllCommentsOfAPI' })
  @Paged()
  @ApiQuery(WITH_COMMENTER)
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async getAllCommentsOfAPI(
    @Param('apiId') apiId: string,
    @Page() window: PageQuery,
    @ReplyPage() shown: RepliesQuery,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<CommentListDto> {
    const style = styleOf(pathOf(apiId), shown);
    return toCommentList(await this.comments.list(this.door({ organization, caller }, apiId), window, style.replies), window, style);
  }

  @Post()
  @Scopes('apim:subscribe')
  @ApiOperation({ operationId: 'addCommentToAPI' })
  @ApiQuery({ name: 'replyTo', required: false, type: String })
  @ApiCreatedResponse({ type: CommentDto })
  async addCommentToAPI(
    @Param('apiId') apiId: string,
    @Query('replyTo') replyTo: string | readonly string[] | undefined,
    @Body() body: PostCommentBodyDto,
    @ReplyPage() shown: RepliesQuery,
    @Tenant() organization: string,
    @Caller() caller: User,
  ): Promise<Reply<CommentDto>> {
    const style = styleOf(pathOf(apiId), shown);
    const door = this.door({ organization, caller }, apiId);
    const comment = await this.comments.create(door, caller, { ...body, replyTo: parentOf(replyTo) });
    return created(`${style.path}/${comment.id}`, toCommentDto(comment, style));
  }

  @Get(':commentId')
  @Anonymous()
  @ApiOperation({ operationId: 'getCommentOfAPI' })
  @Paged('replyLimit', 'replyOffset')
  @ApiQuery(WITH_COMMENTER)
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getCommentOfAPI(
    @Param('apiId') apiId: string,
    @Param('commentId') commentId: string,
    @ReplyPage() shown: RepliesQuery,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<CommentDto> {
    const style = styleOf(pathOf(apiId), shown);
    return toCommentDto(await this.comments.get(this.door({ organization, caller }, apiId), commentId, style.replies), style);
  }

  /** 200 without a body when nothing changes. */
  @Patch(':commentId')
  @Scopes('apim:subscribe')
  @ApiOperation({ operationId: 'editCommentOfAPI' })
  @ApiOkResponse({ type: CommentDto })
  async editCommentOfAPI(
    @Param('apiId') apiId: string,
    @Param('commentId') commentId: string,
    @Body() body: PatchCommentBodyDto,
    @ReplyPage() shown: RepliesQuery,
    @Tenant() organization: string,
    @Caller() caller: User,
  ): Promise<Reply<CommentDto>> {
    const style = styleOf(pathOf(apiId), shown);
    const edited = await this.comments.edit(this.door({ organization, caller }, apiId), caller, commentId, body, style.replies);
    return edited ? new Reply(200, toCommentDto(edited, style), { Location: `${style.path}/${commentId}` }) : new Reply(200);
  }

  /** 403 without a body for whoever is neither the author nor an administrator of the tenant. */
  @Delete(':commentId')
  @Scopes('apim:subscribe', 'apim:admin')
  @ApiOperation({ operationId: 'deleteComment' })
  @ApiHeader({ name: 'If-Match', required: false })
  async deleteComment(
    @Param('apiId') apiId: string,
    @Param('commentId') commentId: string,
    @ReplyPage() shown: RepliesQuery,
    @IfMatch() precondition: Precondition,
    @Tenant() organization: string,
    @Caller() caller: User,
  ): Promise<Reply<never>> {
    const style = styleOf(pathOf(apiId), shown);
    const door = this.door({ organization, caller }, apiId);
    const unchanged = (current: CommentThread) => precondition(toCommentDto(current, style));
    return new Reply((await this.comments.remove(door, caller, commentId, style.replies, unchanged)) ? 200 : 403);
  }

  /** Closed to guests, unlike the comments themselves: it has no scope, but is not on the product's list of open operations. */
  @Get(':commentId/replies')
  @ApiOperation({ operationId: 'getRepliesOfComment' })
  @Paged()
  @ApiQuery(WITH_COMMENTER)
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getRepliesOfComment(
    @Param('apiId') apiId: string,
    @Param('commentId') commentId: string,
    @Page() window: PageQuery,
    @ReplyPage() shown: RepliesQuery,
    @Tenant() organization: string,
    @Caller() caller: User,
  ): Promise<CommentListDto> {
    const { replies } = await this.comments.get(this.door({ organization, caller }, apiId), commentId, window);
    return toReplyList(replies, window, styleOf(pathOf(apiId), shown));
  }

  private door(viewer: Viewer, apiId: string): CommentDoor {
    return { entryPoint: 'DEVPORTAL', hasComments: this.config.devportal.enableComments, ...this.apis.door(viewer, apiId) };
  }
}

const pathOf = (apiId: string) => `/apis/${apiId}/comments`;
