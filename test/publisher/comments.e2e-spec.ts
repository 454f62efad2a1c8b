import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { CommentNotFound } from '../../src/apis/comments/comments.problems.js';
import { BadRequest, Forbidden, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';

interface Comment {
  readonly id: string;
  readonly content: string;
  readonly parentCommentId: string | null;
  readonly updatedTime: string | null;
  readonly commenterInfo: Body | null;
  readonly replies: CommentList;
}
interface CommentList {
  readonly count: number;
  readonly list: readonly Comment[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const ALL = '/apis/{apiId}/comments';
const ONE = `${ALL}/{commentId}`;

let admin: Actor;
let creator: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
  creator = await given.user({ roles: ['Internal/creator'], by: admin });
});
beforeEach(async () => {
  ({ id: apiId } = await given.api({ by: admin }));
});

const say = (by: Actor, content: string, replyTo?: string) =>
  by.publisher<Comment>(`POST ${ALL}`, { path: { apiId }, query: { replyTo }, body: { content } });
const said = async (content: string, replyTo?: string, by = admin): Promise<Comment> => expected(await say(by, content, replyTo), 201);
const on = <T = Comment>(by: Actor, operation: string, commentId: string, options: RequestOptions = {}) =>
  by.publisher<T>(operation, { path: { apiId, commentId }, ...options });
const list = async (query: RequestOptions['query'] = {}) =>
  expected(await admin.publisher<CommentList>(`GET ${ALL}`, { path: { apiId }, query }), 200);
const contents = ({ list: comments }: CommentList) => comments.map(({ content }) => content);

describe('a comment', () => {
  it('is written, and read as it was answered', async () => {
    const answer = await say(creator, 'Well done');

    const comment = expected(answer, 201);
    expect(answer.headers['location']).toContain(`/apis/${apiId}/comments/${comment.id}`);
    expect(comment).toMatchObject({
      content: 'Well done',
      category: 'general',
      createdBy: creator.username,
      entryPoint: 'PUBLISHER',
      parentCommentId: null,
      updatedTime: null,
      commenterInfo: null,
      replies: { count: 0, list: [] },
    });
    expect((await on(admin, `GET ${ONE}`, comment.id)).body).toEqual(comment);
  });

  it('tells who is behind the name when asked', async () => {
    await said('Hello');

    const [comment] = (await list({ includeCommenterInfo: true })).list;

    expect(comment?.commenterInfo).toEqual({ firstName: 'Anna', lastName: 'Admin', fullName: 'Anna Admin' });
  });

  it('is changed by its author', async () => {
    const { id } = await said('Helo');

    const answer = await on(admin, `PATCH ${ONE}`, id, { body: { content: 'Hello', category: 'praise' } });

    expect(expected(answer, 200)).toMatchObject({ content: 'Hello', category: 'praise', updatedTime: expect.any(String) });
    expect((await on(admin, `GET ${ONE}`, id)).body).toEqual(answer.body);
  });

  it('answers a change that changes nothing without a body', async () => {
    const { id } = await said('Hello');

    for (const body of [{ content: 'Hello' }, { content: null, category: null }, {}]) {
      expect(await on<unknown>(admin, `PATCH ${ONE}`, id, { body })).toMatchObject({ status: 200, body: undefined });
    }
    expect((await on(admin, `GET ${ONE}`, id)).body.updatedTime).toBeNull();
  });

  it('is changed by nobody else, not even an administrator', async () => {
    const { id } = await said('Mine', undefined, creator);

    expect(await on(admin, `PATCH ${ONE}`, id, { body: { content: 'Yours' } })).toFailWith(Forbidden);

    expect((await on(admin, `GET ${ONE}`, id)).body.content).toBe('Mine');
  });

  it('is deleted by its author or an administrator, and with it the replies', async () => {
    const root = await said('Root', undefined, creator);
    const reply = await said('Reply', root.id);
    expect(await on<unknown>(creator, `DELETE ${ONE}`, reply.id)).toMatchObject({ status: 403, body: undefined });

    expect((await on(admin, `DELETE ${ONE}`, root.id)).status).toBe(200);

    expect(await on(admin, `GET ${ONE}`, root.id)).toFailWith(CommentNotFound(root.id));
    expect(await on(admin, `GET ${ONE}`, reply.id)).toFailWith(CommentNotFound(reply.id));
    expect(await on(admin, `DELETE ${ONE}`, root.id)).toFailWith(CommentNotFound(root.id));
  });

  it('is not deleted under an outdated tag', async () => {
    const { id } = await said('Old');
    const { headers } = await on(admin, `GET ${ONE}`, id);
    expected(await on(admin, `PATCH ${ONE}`, id, { body: { content: 'New' } }), 200);

    const answer = await on(admin, `DELETE ${ONE}`, id, { headers: { 'if-match': String(headers['etag']) } });

    expect(answer).toFailWith(PreconditionFailed);
    expect((await on(admin, `GET ${ONE}`, id)).status).toBe(200);
  });

  it('does not go along into a new version', async () => {
    await said('About this one');

    const copy = expected(await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { apiId, newVersion: '2.0.0' } }), 201);

    const copied = await admin.publisher<CommentList>(`GET ${ALL}`, { path: { apiId: copy.id } });
    expect(expected(copied, 200).count).toBe(0);
  });
});

describe('lists', () => {
  it('show the newest comments first, a page at a time', async () => {
    for (const content of ['one', 'two', 'three']) await said(content);

    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, offset: 2 });

    expect(contents(first)).toEqual(['three', 'two']);
    expect(first).toMatchObject({ count: 2, pagination: { total: 3, next: `/apis/${apiId}/comments?limit=2&offset=2` } });
    expect(contents(second)).toEqual(['one']);
  });

  it('show replies below their comment, the oldest first', async () => {
    const [a, b] = [await said('a'), await said('b')];
    for (const content of ['a1', 'a2']) await said(content, a.id);
    await said('b1', b.id);

    const all = await list();

    expect(contents(all)).toEqual(['b', 'a']);
    expect(all.list.map(({ replies }) => contents(replies))).toEqual([['b1'], ['a1', 'a2']]);
    expect(all.list[1]?.replies.list[0]?.parentCommentId).toBe(a.id);
  });

  it('page through the replies of one comment', async () => {
    const { id } = await said('root');
    for (const content of ['1', '2', '3']) await said(content, id);

    const { replies } = expected(await on(admin, `GET ${ONE}`, id, { query: { replyLimit: 1, replyOffset: 1 } }), 200);
    const rest = expected(await on<CommentList>(admin, `GET ${ONE}/replies`, id, { query: { limit: 2, offset: 1 } }), 200);

    expect(contents(replies)).toEqual(['2']);
    expect(replies).toMatchObject({ count: 1, pagination: { total: 3, next: `/apis/${apiId}/comments/${id}/replies?limit=1&offset=2` } });
    expect(contents(rest)).toEqual(['2', '3']);
    expect(rest.pagination.total).toBe(3);
  });
});

describe('refuses', () => {
  it.each([
    ['no content', {}],
    ['a content that is no text', { content: 1 }],
    ['more than 512 characters', { content: 'x'.repeat(513) }],
    ['a zero byte', { content: 'a\0b' }],
    ['blanks alone', { content: '  ' }],
  ])('%s', async (_, body) => {
    expect(await admin.publisher(`POST ${ALL}`, { path: { apiId }, body })).toFailWith({ status: 400, code: 400 });
    expect((await list()).count).toBe(0);
  });

  it('a reply to what is no comment of the API', async () => {
    const { id } = await said('root');
    const reply = await said('reply', id);
    const other = await given.api({ by: admin });

    for (const replyTo of [randomUUID(), 'nothing', 'a\0b', reply.id]) {
      expect(await say(admin, 'x', replyTo)).toFailWith(CommentNotFound(replyTo));
    }
    const elsewhere = { path: { apiId: other.id }, query: { replyTo: id }, body: { content: 'x' } };
    expect(await admin.publisher(`POST ${ALL}`, elsewhere)).toFailWith(CommentNotFound(id));
  });

  it('a window that is none', async () => {
    const { id } = await said('root');

    expect(await on(admin, `GET ${ONE}`, id, { query: { replyLimit: 'many' } })).toFailWith(
      BadRequest('Invalid value for the query parameter replyLimit'),
    );
  });

  it('the comment of another API', async () => {
    const { id } = await said('here');
    const other = await given.api({ by: admin });

    const path = { apiId: other.id, commentId: id };
    expect(await admin.publisher(`GET ${ONE}`, { path })).toFailWith(CommentNotFound(id));
    expect(await admin.publisher(`DELETE ${ONE}`, { path })).toFailWith(CommentNotFound(id));
  });
});

describe('who may', () => {
  const everything = (commentId: string): readonly (readonly [string, RequestOptions])[] => [
    [`GET ${ALL}`, {}],
    [`POST ${ALL}`, { body: { content: 'x' } }],
    [`GET ${ONE}`, { path: { apiId, commentId } }],
    [`GET ${ONE}/replies`, { path: { apiId, commentId } }],
    [`PATCH ${ONE}`, { path: { apiId, commentId }, body: { content: 'y' } }],
    [`DELETE ${ONE}`, { path: { apiId, commentId } }],
  ];

  it('nobody with a scope for something else', async () => {
    const { id } = await said('x');
    const by = admin.withScopes('apim:subscribe');

    for (const [operation, options] of everything(id)) {
      expect(await by.publisher(operation, { path: { apiId }, ...options })).toFailWith(Unauthenticated());
    }
    expect(await say(admin.withScopes('apim:comment_view'), 'x')).toFailWith(Unauthenticated());
  });

  it('nobody of another tenant', async () => {
    const { id } = await said('x');
    const { admin: stranger } = await given.organization();

    for (const [operation, options] of everything(id)) {
      expect(await stranger.publisher(operation, { path: { apiId }, ...options })).toFailWith(ApiNotFound(apiId));
    }
    expect((await list()).count).toBe(1);
  });
});
