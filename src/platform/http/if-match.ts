import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { PreconditionFailed } from '../../domain/problem.js';
import { etagOf } from './reply.interceptor.js';

/**
 * Checks a request's `If-Match` against the current state; does nothing when the header is absent or `*`. A function is called for the state only
 * when it is needed.
 */
export type Precondition = (current: unknown) => void;

/** `If-Match`, honoured but never required: call it with the wire form of the current resource. @throws PreconditionFailed (412). */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): Precondition => {
  const sent = context.switchToHttp().getRequest<Request>().headers['if-match'];
  return (current) => {
    if (sent === undefined || sent === '*') return;
    const tags = sent.split(',').map((tag) => tag.trim());
    const state: unknown = typeof current === 'function' ? current() : current;
    const text = typeof state === 'string' ? state : JSON.stringify(state);
    if (!tags.includes(etagOf(text))) throw PreconditionFailed('The resource was changed meanwhile. Read it again and repeat the change.');
  };
});
