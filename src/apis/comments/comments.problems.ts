import { Forbidden, NotFound } from '../../domain/problem.js';

export const CommentNotFound = NotFound('Comment');
/** Only the author changes a comment. */
export const CommentOfSomebodyElse = (id: string) => Forbidden(`The comment ${id} was written by somebody else.`);
