import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Page, Paged, type PageQuery } from '../../platform/http/page.js';
import { created, Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ApisForChange } from '../apis-for-change.js';
import { parentOf, type RepliesQuery, ReplyPage, styleOf, WITH_COMMENTER } from './comment-query.js';
import { CommentDto, CommentListDto, PatchCommentBodyDto, PostCommentBodyDto } from './comments.dto.js';
import { toCommentDto, toCommentList, toReplyList } from './comments.mapper.js';
import type { CommentThread } from './comments.queries.js';
import { type CommentDoor, CommentsService } from './comments.service.js';

const READ = ['apim:api_view', 'apim:comment_view', 'apim:comment_manage'] as const;
const WRITE = ['apim:comment_write', 'apim:comment_manage'] as const;

@PublisherController('apis/:apiId/comments', 'Comments')
export class CommentsPublisherController {
  constructor(
    private readonly comments: CommentsService,
    private readonly apis: ApisForChange,
  ) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAllCommentsOfAPI' })
  @Paged()
  @ApiQuery(WITH_COMMENTER)
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async getAllCommentsOfAPI(
    @Param('apiId') apiId: string,
    @Page() window: PageQuery,
    @ReplyPage() shown: RepliesQuery,
    @Caller() caller: User,
  ): Promise<CommentListDto> {
    const style = styleOf(pathOf(apiId), shown);
    return toCommentList(await this.comments.list(this.door(caller, apiId), window, style.replies), window, style);
  }

  @Post()
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'addCommentToAPI' })
  @ApiQuery({ name: 'replyTo', required: false, type: String })
  @ApiCreatedResponse({ type: CommentDto })
  async addCommentToAPI(
    @Param('apiId') apiId: string,
    @Query('replyTo') replyTo: string | readonly string[] | undefined,
    @Body() body: PostCommentBodyDto,
    @ReplyPage() shown: RepliesQuery,
    @Caller() caller: User,
  ): Promise<Reply<CommentDto>> {
    const style = styleOf(pathOf(apiId), shown);
    const comment = await this.comments.create(this.door(caller, apiId), caller, { ...body, replyTo: parentOf(replyTo) });
    return created(`${style.path}/${comment.id}`, toCommentDto(comment, style));
  }

  @Get(':commentId')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getCommentOfAPI' })
  @Paged('replyLimit', 'replyOffset')
  @ApiQuery(WITH_COMMENTER)
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getCommentOfAPI(
    @Param('apiId') apiId: string,
    @Param('commentId') commentId: string,
    @ReplyPage() shown: RepliesQuery,
    @Caller() caller: User,
  ): Promise<CommentDto> {
    const style = styleOf(pathOf(apiId), shown);
    return toCommentDto(await this.comments.get(this.door(caller, apiId), commentId, style.replies), style);
  }

  /** 200 without a body when nothing changes. */
  @Patch(':commentId')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'editCommentOfAPI' })
  @ApiOkResponse({ type: CommentDto })
  async editCommentOfAPI(
    @Param('apiId') apiId: string,
    @Param('commentId') commentId: string,
    @Body() body: PatchCommentBodyDto,
    @ReplyPage() shown: RepliesQuery,
    @Caller() caller: User,
  ): Promise<Reply<CommentDto>> {
    const style = styleOf(pathOf(apiId), shown);
    const edited = await this.comments.edit(this.door(caller, apiId), caller, commentId, body, style.replies);
    return edited ? new Reply(200, toCommentDto(edited, style), { Location: `${style.path}/${commentId}` }) : new Reply(200);
  }

  /** 403 without a body for whoever is neither the author nor an administrator. */
  @Delete(':commentId')
  @Scopes(...WRITE, 'apim:admin')
  @ApiOperation({ operationId: 'deleteComment' })
  @ApiHeader({ name: 'If-Match', required: false })
  async deleteComment(
    @Param('apiId') apiId: string,
    @Param('commentId') commentId: string,
    @ReplyPage() shown: RepliesQuery,
    @IfMatch() precondition: Precondition,
    @Caller() caller: User,
  ): Promise<Reply<never>> {
    const style = styleOf(pathOf(apiId), shown);
    const unchanged = (current: CommentThread) => precondition(toCommentDto(current, style));
    return new Reply((await this.comments.remove(this.door(caller, apiId), caller, commentId, style.replies, unchanged)) ? 200 : 403);
  }

  @Get(':commentId/replies')
  @Scopes(...READ)
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
    @Caller() caller: User,
  ): Promise<CommentListDto> {
    const { replies } = await this.comments.get(this.door(caller, apiId), commentId, window);
    return toReplyList(replies, window, styleOf(pathOf(apiId), shown));
  }

  private door(caller: User, apiId: string): CommentDoor {
    const ref = apiRef(apiId);
    return {
      entryPoint: 'PUBLISHER',
      hasComments: true,
      read: () => this.apis.read(caller, ref),
      hold: (tx) => this.apis.hold(tx, caller, ref),
    };
  }
}

const pathOf = (apiId: string) => `/apis/${apiId}/comments`;
