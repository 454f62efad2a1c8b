import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { shownName } from '../../domain/organization.js';
import { BadRequest, found } from '../../domain/problem.js';
import { isAdmin, type User } from '../../domain/user.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { CommentEntity, type CommentEntryPoint } from './comment.entity.js';
import { CommentNotFound, CommentOfSomebodyElse, CommentsSwitchedOff } from './comments.problems.js';
import { type Commented, type CommentPage, CommentsQueries, type CommentThread, type Window } from './comments.queries.js';

const GENERAL = 'general';
const NO_REPLIES: Window = { limit: 0, offset: 0 };
const NO_COMMENTS: CommentPage<never> = { items: [], total: 0 };

/** How one face of the server comes to what is commented on: each has rules of its own for who may see it. Both ways throw when the caller may not. */
export interface CommentDoor {
  readonly entryPoint: CommentEntryPoint;
  /** Where comments are switched off, there are none to be seen and none to be written. */
  readonly hasComments: boolean;
  read(): Promise<Commented>;
  /** As `read`, and kept from being deleted until the transaction ends. */
  hold(tx: Tx): Promise<Commented>;
}

export interface NewComment {
  readonly content: string;
  readonly category?: string | undefined;
  /** The comment to answer. */
  readonly replyTo?: string | undefined;
}

/** May refuse on seeing the comment as it is before it goes. */
type Unchanged = (current: CommentThread) => void;

/** Comments on APIs, for every face that shows them. */
@Injectable()
export class CommentsService {
  constructor(
    private readonly queries: CommentsQueries,
    private readonly transactions: Transactions,
  ) {}

  async list(door: CommentDoor, window: Window, replies: Window): Promise<CommentPage<CommentThread>> {
    const api = await door.read();
    return door.hasComments ? this.queries.roots(api, window, replies) : NO_COMMENTS;
  }

  /** A comment or a reply with a page of its replies. @throws CommentNotFound (404). */
  async get(door: CommentDoor, id: string, replies: Window): Promise<CommentThread> {
    const api = await door.read();
    if (!door.hasComments) throw CommentNotFound(id);
    return this.thread(api, id, replies);
  }

  /** @throws CommentNotFound (404) when there is no comment to answer; a reply is none. BadRequest (400) for one without a word, CommentsSwitchedOff (403). */
  async create(door: CommentDoor, caller: User, { content, category, replyTo }: NewComment): Promise<CommentThread> {
    const text = written(content);
    const id = randomUUID();
    const api = await this.transactions.run(async (tx) => {
      const held = await enter(tx, door);
      if (replyTo !== undefined) await holdRoot(tx, held, replyTo);
      await tx.em.insert(CommentEntity, {
        id,
        organization: held.organization,
        apiId: held.id,
        parentId: replyTo ?? null,
        entryPoint: door.entryPoint,
        category: category || GENERAL,
        content: text,
        authorId: caller.id,
        author: shownName(caller),
        createdAt: new Date(),
        updatedAt: null,
      });
      return held;
    });
    return this.thread(api, id, NO_REPLIES);
  }

  /** Undefined when the request changes nothing. @throws CommentNotFound (404), CommentOfSomebodyElse and CommentsSwitchedOff (403), BadRequest (400). */
  async edit(
    door: CommentDoor,
    caller: User,
    id: string,
    change: Partial<Pick<NewComment, 'content' | 'category'>>,
    replies: Window,
  ): Promise<CommentThread | undefined> {
    const edited = await this.transactions.run(async (tx) => {
      const api = await enter(tx, door);
      const current = await lock(tx, api, id);
      if (current.authorId !== caller.id) throw CommentOfSomebodyElse(id);
      const content = typeof change.content === 'string' ? written(change.content) : current.content;
      const category = change.category || current.category;
      if (content === current.content && category === current.category) return undefined;
      // Two changes in one millisecond must not look like one.
      const updatedAt = new Date(Math.max(Date.now(), (current.updatedAt ?? current.createdAt).getTime() + 1));
      await tx.em.update(CommentEntity, { organization: api.organization, id }, { content, category, updatedAt });
      return api;
    });
    return edited && this.thread(edited, id, replies);
  }

  /** Deletes a comment with its replies; false when the caller is neither its author nor a moderator. @throws CommentNotFound (404), CommentsSwitchedOff (403). */
  async remove(door: CommentDoor, caller: User, id: string, replies: Window, unchanged: Unchanged): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      const api = await enter(tx, door);
      const { authorId } = await lock(tx, api, id);
      unchanged(found(await this.queries.thread(api, id, replies, tx.em), CommentNotFound, id));
      if (authorId !== caller.id && !moderates(caller, api)) return false;
      await tx.em.delete(CommentEntity, { organization: api.organization, id });
      return true;
    });
  }

  private async thread(api: Commented, id: string, replies: Window): Promise<CommentThread> {
    return found(isUUID(id) ? await this.queries.thread(api, id, replies) : undefined, CommentNotFound, id);
  }
}

/** @throws what the door throws, CommentsSwitchedOff (403). */
const enter = async (tx: Tx, door: CommentDoor): Promise<Commented> => {
  const api = await door.hold(tx);
  if (!door.hasComments) throw CommentsSwitchedOff();
  return api;
};

/** Administrators, and whomever the tenant gives their scope, keep order in their own tenant, not where they are guests. */
const moderates = (caller: User, { organization }: Commented): boolean =>
  caller.organization === organization && (isAdmin(caller) || caller.scopes.has('apim:admin'));

/** @throws BadRequest for blanks alone. */
const written = (content: string): string => {
  if (content.trim() === '') throw BadRequest('The content of a comment must not be blank.');
  return content;
};

const lock = async ({ em }: Tx, { organization, id: apiId }: Commented, id: string): Promise<CommentEntity> => {
  const options = { where: { organization, apiId, id }, lock: { mode: 'pessimistic_write' } } as const;
  return found(isUUID(id) ? await em.findOne(CommentEntity, options) : null, CommentNotFound, id);
};

/** Keeps the comment from going while it is answered. */
const holdRoot = async ({ em }: Tx, { organization, id: apiId }: Commented, id: string): Promise<void> => {
  const options = { where: { organization, apiId, id }, lock: { mode: 'pessimistic_read' } } as const;
  const comment = found(isUUID(id) ? await em.findOne(CommentEntity, options) : null, CommentNotFound, id);
  if (comment.parentId !== null) throw CommentNotFound(id);
};
