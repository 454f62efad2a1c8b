import { Forbidden, NotFound } from '../../domain/problem.js';

export const CommentNotFound = NotFound('Comment');
export const CommentsSwitchedOff = () => Forbidden('Comments are switched off in this developer portal (apim.devportal.enable_comments).');
/** Only the author changes a comment. */
export const CommentOfSomebodyElse = (id: string) => Forbidden(`The comment ${id} was written by somebody else.`);
