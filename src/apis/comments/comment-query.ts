import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { windowOf } from '../../platform/http/page.js';
import type { CommentStyle } from './comments.mapper.js';

/** What a request asks of the replies to comments, and whether it wants to know more of the people behind the names. */
export type RepliesQuery = Pick<CommentStyle, 'replies' | 'withCommenter'>;

/** `replyLimit` (25), `replyOffset` (0) and `includeCommenterInfo` (false). */
export const ReplyPage = createParamDecorator((_: unknown, context: ExecutionContext): RepliesQuery => {
  const request = context.switchToHttp().getRequest<Request>();
  return {
    replies: windowOf(request, 'replyLimit', 'replyOffset'),
    withCommenter: request.query['includeCommenterInfo'] === 'true',
  };
});

/** Documents that a request may ask for the names of the people. */
export const WITH_COMMENTER = { name: 'includeCommenterInfo', required: false, schema: { type: 'boolean', default: false } };

/** The comment that a request answers to; a repeated parameter arrives as a list, of which the first counts. */
export const parentOf = (replyTo: string | readonly string[] | undefined): string | undefined => [replyTo].flat()[0] || undefined;

/** How comments below the path are shown to a request. */
export const styleOf = (path: string, shown: RepliesQuery): CommentStyle => ({ ...shown, path });
