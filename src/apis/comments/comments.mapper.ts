import { type PageQuery, page } from '../../platform/http/page.js';
import { orNone } from '../apis.mapper.js';
import type { CommentDto, CommentListDto } from './comments.dto.js';
import type { CommentPage, CommentThread, CommentView, Window } from './comments.queries.js';

/** How comments are shown. */
export interface CommentStyle {
  /** The path of the API's comments, for the links of their replies. */
  readonly path: string;
  readonly replies: Window;
  readonly withCommenter: boolean;
}

export const toCommentDto = (comment: CommentThread, style: CommentStyle): CommentDto => ({
  ...toDto(comment, style),
  replies: toReplyList(comment.replies, repliesWindow(comment.id, style), style),
});

export const toCommentList = ({ items, total }: CommentPage<CommentThread>, window: PageQuery, style: CommentStyle): CommentListDto =>
  page(
    items.map((comment) => toCommentDto(comment, style)),
    total,
    window,
  );

/** Replies have no replies of their own. */
export const toReplyList = ({ items, total }: CommentPage, window: PageQuery, style: CommentStyle): CommentListDto =>
  page(
    items.map((reply) => ({ ...toDto(reply, style), replies: page([], 0, repliesWindow(reply.id, style)) })),
    total,
    window,
  );

const repliesWindow = (id: string, { path, replies }: CommentStyle): PageQuery => ({ ...replies, path: `${path}/${id}/replies`, rest: '' });

const toDto = (comment: CommentView, { withCommenter }: CommentStyle): Omit<CommentDto, 'replies'> => ({
  id: comment.id,
  content: comment.content,
  createdTime: comment.createdAt.toISOString(),
  createdBy: comment.author,
  updatedTime: orNone(comment.updatedAt?.toISOString()),
  category: comment.category,
  parentCommentId: orNone(comment.parentId),
  entryPoint: comment.entryPoint,
  commenterInfo: orNone(withCommenter && comment.commenter ? { ...comment.commenter } : null),
});
