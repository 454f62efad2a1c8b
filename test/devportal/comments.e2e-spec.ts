import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { CommentNotFound, CommentOfSomebodyElse } from '../../src/apis/comments/comments.problems.js';
import { HiddenApi } from '../../src/apis/portal/portal-apis.queries.js';
import { BadRequest, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { change, member, product } from '../publisher/products.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, NOBODY, type RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { configure, tenantConfig } from '../support/tenant-config.js';

interface Comment {
  readonly id: string;
  readonly content: string;
  readonly createdBy: string;
  readonly entryPoint: string;
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
const REPLIES = `${ONE}/replies`;

let admin: Actor;
let domain: string;
let ann: Actor;
let ben: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin, domain } = await given.organization());
  ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
  ben = await given.user({ roles: ['Internal/subscriber'], by: admin });
});
beforeEach(async () => {
  apiId = await published();
});

const act = async (id: string, action: string): Promise<void> => {
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action } }), 200);
};
const published = async (properties: Body = {}): Promise<string> => {
  const { id } = await given.api({ by: admin, with: properties });
  await act(id, 'Publish');
  return id;
};

const say = (by: Actor, content: string, replyTo?: string, options: RequestOptions = {}) =>
  by.devportal<Comment>(`POST ${ALL}`, { path: { apiId }, query: { replyTo }, body: { content }, ...options });
const said = async (content: string, replyTo?: string, by = ann): Promise<Comment> => expected(await say(by, content, replyTo), 201);
const on = <T = Comment>(by: Actor, operation: string, commentId: string, options: RequestOptions = {}) =>
  by.devportal<T>(operation, { path: { apiId, commentId }, ...options });
const list = async (options: RequestOptions = {}) =>
  expected(await ann.devportal<CommentList>(`GET ${ALL}`, { path: { apiId }, ...options }), 200);
const contents = ({ list: comments }: CommentList) => comments.map(({ content }) => content);
/** A guest of the tenant's portal. */
const asGuest = () => ({ as: NOBODY, headers: { 'x-wso2-tenant': domain } });

describe('a comment', () => {
  it('is written, and read as it was answered', async () => {
    const answer = await say(ann, 'Well done');

    const comment = expected(answer, 201);
    expect(answer.headers['location']).toContain(`/apis/${apiId}/comments/${comment.id}`);
    expect(comment).toMatchObject({
      content: 'Well done',
      category: 'general',
      createdBy: ann.username,
      entryPoint: 'DEVPORTAL',
      parentCommentId: null,
      updatedTime: null,
      commenterInfo: null,
      replies: { count: 0, list: [] },
    });
    expect((await on(ben, `GET ${ONE}`, comment.id)).body).toEqual(comment);
    expect((await list()).list).toEqual([comment]);
  });

  it('has the category it was given', async () => {
    const answer = await say(ann, 'Why?', undefined, { body: { content: 'Why?', category: 'question' } });

    expect(expected(answer, 201)).toMatchObject({ category: 'question' });
  });

  it('is seen in the publisher, and answered there', async () => {
    const { id } = await said('Which currencies?');

    const reply = await admin.publisher<Comment>(`POST ${ALL}`, { path: { apiId }, query: { replyTo: id }, body: { content: 'All' } });

    expected(reply, 201);
    const { list: both } = await list();
    expect(both).toMatchObject([{ entryPoint: 'DEVPORTAL', replies: { list: [{ content: 'All', entryPoint: 'PUBLISHER' }] } }]);
    const there = expected(await admin.publisher<CommentList>(`GET ${ALL}`, { path: { apiId } }), 200);
    expect(there.list).toEqual(both);
  });

  it('is data, whatever it looks like', async () => {
    const content = `<script>alert('x')</script> "' OR 1=1 -- \u202E \u{1F600} {{7*7}} \${jndi:ldap://x}`;

    const answer = await say(ann, content);

    expect(expected(answer, 201).content).toBe(content);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(contents(await list())).toEqual([content]);
  });

  it('may have 512 characters', async () => {
    expect(expected(await say(ann, 'x'.repeat(512)), 201).content).toHaveLength(512);
    expect(await say(ann, 'x'.repeat(513))).toFailWith({ status: 400, code: 400 });
  });

  it('tells who is behind the name when asked', async () => {
    const { id } = await said('Hello', undefined, admin);
    const query = { includeCommenterInfo: true };
    const names = { firstName: 'Anna', lastName: 'Admin', fullName: 'Anna Admin' };

    expect((await list({ query })).list[0]?.commenterInfo).toEqual(names);
    expect((await on(ann, `GET ${ONE}`, id, { query })).body.commenterInfo).toEqual(names);
  });

  it('stays without the names when its author is gone', async () => {
    const leaver = await given.user({ roles: ['Internal/subscriber'], by: admin });
    await said('Bye', undefined, leaver);
    const query = { filter: `userName eq ${leaver.username.split('@')[0]}` };
    const { Resources: found } = expected(await admin.scim<{ Resources: readonly { id: string }[] }>('GET /Users', { query }), 200);
    expected(await admin.scim('DELETE /Users/{id}', { path: { id: String(found[0]?.id) } }), 204);

    const { list: comments } = await list({ query: { includeCommenterInfo: true } });

    expect(comments).toMatchObject([{ content: 'Bye', createdBy: leaver.username, commenterInfo: null }]);
  });

  it('goes with the API, and not into a new version', async () => {
    const { id } = await said('About this one');

    const copied = await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { apiId, newVersion: '2.0.0' } });

    const copy = expected(copied, 201).id;
    await act(copy, 'Publish');
    expect((await list({ path: { apiId: copy } })).count).toBe(0);
    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId } }), 200);
    expect(await on(ann, `GET ${ONE}`, id)).toFailWith(ApiNotFound(apiId));
  });

  it('is there for a product as for an API', async () => {
    const made = await product(admin, [member(await given.api({ by: admin }), 'GET /*')], { policies: ['Gold'] });
    expected(await change(admin, made.id, 'Publish'), 200);
    const path = { apiId: made.id };

    expected(await say(ann, 'Nice bundle', undefined, { path }), 201);

    expect(contents(await list({ path }))).toEqual(['Nice bundle']);
  });
});

describe('a change', () => {
  it('is the author’s', async () => {
    const { id } = await said('Helo');

    const answer = await on(ann, `PATCH ${ONE}`, id, { body: { content: 'Hello', category: 'praise' } });

    expect(expected(answer, 200)).toMatchObject({ content: 'Hello', category: 'praise', updatedTime: expect.any(String) });
    expect((await on(ann, `GET ${ONE}`, id)).body).toEqual(answer.body);
  });

  it('that changes nothing is answered without a body', async () => {
    const { id } = await said('Hello');

    expect(await on<unknown>(ann, `PATCH ${ONE}`, id, { body: { content: 'Hello' } })).toMatchObject({ status: 200, body: undefined });

    expect((await on(ann, `GET ${ONE}`, id)).body.updatedTime).toBeNull();
  });

  it('is nobody else’s, not even an administrator’s', async () => {
    const { id } = await said('Mine');

    for (const by of [ben, admin]) {
      expect(await on(by, `PATCH ${ONE}`, id, { body: { content: 'Yours' } })).toFailWith(CommentOfSomebodyElse(id));
    }
    expect((await on(ann, `GET ${ONE}`, id)).body.content).toBe('Mine');
  });

  it.each([
    ['blanks alone', { content: ' \n' }],
    ['a content that is too long', { content: 'x'.repeat(513) }],
    ['a parent', { parentCommentId: 'x' }],
  ])('to %s is refused', async (_, body) => {
    const { id } = await said('Hello');

    expect(await on(ann, `PATCH ${ONE}`, id, { body })).toFailWith({ status: 400, code: 400 });

    expect((await on(ann, `GET ${ONE}`, id)).body.content).toBe('Hello');
  });
});

describe('a deletion', () => {
  it('is the author’s, and takes the replies along', async () => {
    const root = await said('Root');
    const reply = await said('Reply', root.id, ben);
    expect(await on<unknown>(ann, `DELETE ${ONE}`, reply.id)).toMatchObject({ status: 403, body: undefined });
    expect(await on<unknown>(ben, `DELETE ${ONE}`, root.id)).toMatchObject({ status: 403, body: undefined });

    expect((await on<unknown>(ann, `DELETE ${ONE}`, root.id)).status).toBe(200);

    for (const id of [root.id, reply.id]) {
      for (const operation of [`GET ${ONE}`, `GET ${REPLIES}`, `DELETE ${ONE}`]) {
        expect(await on(ann, operation, id)).toFailWith(CommentNotFound(id));
      }
    }
    expect(await on(ann, `PATCH ${ONE}`, root.id, { body: { content: 'x' } })).toFailWith(CommentNotFound(root.id));
    expect(await say(ann, 'Too late', root.id)).toFailWith(CommentNotFound(root.id));
  });

  it('is a moderator’s too, whose token may hold nothing else', async () => {
    const { id } = await said('Buy my watches');

    expect((await on<unknown>(admin.withScopes('apim:admin'), `DELETE ${ONE}`, id)).status).toBe(200);

    expect((await list()).count).toBe(0);
  });

  it('is open to a role that the tenant gives the scope', async () => {
    const { admin: owner } = await given.organization();
    const { id } = await given.api({ by: owner });
    expected(await owner.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);
    const moderator = await given.user({ roles: ['Internal/publisher'], by: owner });
    const path = { apiId: id, commentId: expected(await say(owner, 'Spam', undefined, { path: { apiId: id } }), 201).id };
    expect(await moderator.devportal(`DELETE ${ONE}`, { path })).toFailWith(Unauthenticated());

    const { RESTAPIScopes } = await tenantConfig(owner);
    const Scope = RESTAPIScopes.Scope.map((scope) =>
      scope.Name === 'apim:admin' ? { ...scope, Roles: 'admin,Internal/publisher' } : scope,
    );
    await configure(owner, { RESTAPIScopes: { Scope } });

    expect((await moderator.withScopes('apim:admin').devportal<unknown>(`DELETE ${ONE}`, { path })).status).toBe(200);
  });

  it('of a reply leaves the comment', async () => {
    const root = await said('Root');
    const [first] = [await said('1', root.id, ben), await said('2', root.id, ben)];

    expect((await on<unknown>(ben, `DELETE ${ONE}`, first.id)).status).toBe(200);

    expect(contents(expected(await on<CommentList>(ann, `GET ${REPLIES}`, root.id), 200))).toEqual(['2']);
  });

  it('is refused under an outdated tag', async () => {
    const { id } = await said('Old');
    const { headers } = await on(ann, `GET ${ONE}`, id);
    expected(await on(ann, `PATCH ${ONE}`, id, { body: { content: 'New' } }), 200);

    const answer = await on(ann, `DELETE ${ONE}`, id, { headers: { 'if-match': String(headers['etag']) } });

    expect(answer).toFailWith(PreconditionFailed);
    expect((await list()).count).toBe(1);
  });

  it('and replies at the same time leave no reply without its comment', async () => {
    const { id } = await said('Root');

    const [deleted, ...replies] = await Promise.all([
      on<unknown>(ann, `DELETE ${ONE}`, id),
      ...['1', '2', '3', '4'].map((text) => say(ben, text, id)),
    ]);

    expect(deleted?.status).toBe(200);
    expect(replies.map(({ status }) => status).filter((status) => status !== 201 && status !== 404)).toEqual([]);
    expect((await list()).pagination.total).toBe(0);
    for (const { status, body } of replies)
      if (status === 201) expect(await on(ben, `GET ${ONE}`, body.id)).toFailWith(CommentNotFound(body.id));
  });
});

describe('lists', () => {
  it('show the newest comments first, a page at a time, with their replies', async () => {
    for (const content of ['one', 'two', 'three']) await said(content);
    const [, , { id }] = (await list()).list as readonly [Comment, Comment, Comment]; // three were written
    for (const content of ['1', '2']) await said(content, id);

    const first = await list({ query: { limit: 2 } });
    const second = await list({ query: { limit: 2, offset: 2 } });

    expect(contents(first)).toEqual(['three', 'two']);
    expect(first).toMatchObject({ count: 2, pagination: { total: 3, next: `/apis/${apiId}/comments?limit=2&offset=2` } });
    expect(contents(second)).toEqual(['one']);
    expect(second.list[0]?.replies).toMatchObject({ count: 2, list: [{ content: '1', parentCommentId: id }, { content: '2' }] });
  });

  it('page through the replies of one comment', async () => {
    const { id } = await said('root');
    for (const content of ['1', '2', '3']) await said(content, id, ben);

    const { replies } = expected(await on(ann, `GET ${ONE}`, id, { query: { replyLimit: 1, replyOffset: 1 } }), 200);
    const rest = expected(await on<CommentList>(ann, `GET ${REPLIES}`, id, { query: { limit: 2, offset: 1 } }), 200);

    expect(contents(replies)).toEqual(['2']);
    expect(replies).toMatchObject({ count: 1, pagination: { total: 3, next: `/apis/${apiId}/comments/${id}/replies?limit=1&offset=2` } });
    expect(contents(rest)).toEqual(['2', '3']);
  });

  it('refuse a window that is none', async () => {
    const { id } = await said('root');

    expect(await on(ann, `GET ${ONE}`, id, { query: { replyLimit: 'many' } })).toFailWith(
      BadRequest('Invalid value for the query parameter replyLimit'),
    );
    expect(await ann.devportal(`GET ${ALL}`, { path: { apiId }, query: { offset: -1 } })).toFailWith({ status: 400, code: 400 });
  });
});

describe('refuses', () => {
  it.each([
    ['no content', {}],
    ['a content that is no text', { content: 1 }],
    ['a zero byte', { content: 'a\0b' }],
    ['blanks alone', { content: '  ' }],
    ['an unknown property', { content: 'x', stars: 5 }],
  ])('%s', async (_, body) => {
    expect(await say(ann, '', undefined, { body })).toFailWith({ status: 400, code: 400 });
    expect((await list()).count).toBe(0);
  });

  it('a reply to a reply, and to what is no comment of the API', async () => {
    const { id } = await said('root');
    const reply = await said('reply', id);
    const other = await published();

    for (const replyTo of [reply.id, randomUUID(), 'nothing', 'a\0b']) {
      expect(await say(ann, 'x', replyTo)).toFailWith(CommentNotFound(replyTo));
    }
    expect(await say(ann, 'x', id, { path: { apiId: other } })).toFailWith(CommentNotFound(id));
    expect((await list()).list).toMatchObject([{ replies: { count: 1 } }]);
  });

  it('the comment of another API', async () => {
    const { id } = await said('here');
    const path = { apiId: await published(), commentId: id };

    for (const operation of [`GET ${ONE}`, `GET ${REPLIES}`, `DELETE ${ONE}`]) {
      expect(await ann.devportal(operation, { path })).toFailWith(CommentNotFound(id));
    }
    expect(await ann.devportal(`PATCH ${ONE}`, { path, body: { content: 'x' } })).toFailWith(CommentNotFound(id));
  });
});

describe('who may', () => {
  const everything = (id: string, commentId: string): readonly (readonly [string, RequestOptions])[] => [
    [`GET ${ALL}`, { path: { apiId: id } }],
    [`GET ${ONE}`, { path: { apiId: id, commentId } }],
    [`GET ${REPLIES}`, { path: { apiId: id, commentId } }],
    [`POST ${ALL}`, { path: { apiId: id }, body: { content: 'x' } }],
    [`PATCH ${ONE}`, { path: { apiId: id, commentId }, body: { content: 'y' } }],
    [`DELETE ${ONE}`, { path: { apiId: id, commentId } }],
  ];

  it('guests read comments, and not the pages of their replies', async () => {
    const { id } = await said('root');
    await said('reply', id);

    expect((await list(asGuest())).list).toMatchObject([{ content: 'root', replies: { list: [{ content: 'reply' }] } }]);
    expect((await on(ann, `GET ${ONE}`, id, asGuest())).body.content).toBe('root');
    for (const [operation, options] of everything(apiId, id).slice(2)) {
      expect(await ann.devportal(operation, { ...options, ...asGuest() })).toFailWith(Unauthenticated());
    }
  });

  it('whoever has a token read, and write with the scope alone', async () => {
    const { id } = await said('x');
    const by = ann.withScopes('apim:app_manage');

    for (const [operation, options] of everything(apiId, id).slice(0, 3)) {
      expect((await by.devportal(operation, options)).status).toBe(200);
    }
    for (const [operation, options] of everything(apiId, id).slice(3)) {
      expect(await by.devportal(operation, options)).toFailWith(Unauthenticated());
    }
    expect(await say(admin.withScopes('apim:admin'), 'x')).toFailWith(Unauthenticated());
  });

  it('nobody who may not see the API', async () => {
    const restricted = await published({ visibility: 'RESTRICTED', visibleRoles: ['admin'] });
    const { id } = expected(await say(admin, 'Among us', undefined, { path: { apiId: restricted } }), 201);

    for (const unseen of [restricted, randomUUID(), 'nothing']) {
      for (const [operation, options] of everything(unseen, id)) {
        expect(await ann.devportal(operation, options)).toFailWith(ApiNotFound(unseen));
      }
    }
    expect(await ann.devportal(`GET ${ALL}`, { path: { apiId: restricted }, ...asGuest() })).toFailWith(ApiNotFound(restricted));
  });

  it('nobody while the API is not published, or retired', async () => {
    const { id } = await said('Long live');
    const { id: created } = await given.api({ by: admin });
    await act(apiId, 'Deprecate');
    expect((await list()).count).toBe(1);
    await act(apiId, 'Retire');

    for (const hidden of [created, apiId]) {
      for (const [operation, options] of everything(hidden, id)) expect(await ann.devportal(operation, options)).toFailWith(HiddenApi());
    }
  });

  it('users of other tenants where they are guests; their administrators keep no order there', async () => {
    const { admin: stranger } = await given.organization();
    const { id } = await said('Hello');
    const headers = { 'x-wso2-tenant': domain };

    for (const [operation, options] of everything(apiId, id)) {
      expect(await stranger.devportal(operation, options)).toFailWith(ApiNotFound(apiId));
    }
    const reply = expected(await say(stranger, 'Hello from afar', id, { headers, query: { replyTo: id } }), 201);
    expect(reply.createdBy).toBe(stranger.username);
    expect((await list({ headers })).list).toMatchObject([{ id, replies: { list: [{ createdBy: stranger.username }] } }]);
    expect(await on<unknown>(stranger, `DELETE ${ONE}`, id, { headers })).toMatchObject({ status: 403, body: undefined });
    expect((await on(stranger, `PATCH ${ONE}`, reply.id, { headers, body: { content: 'Hi' } })).status).toBe(200);
    expect((await on<unknown>(stranger, `DELETE ${ONE}`, reply.id, { headers })).status).toBe(200);
    expect(await on(ann, `GET ${ONE}`, id, { headers: { 'x-wso2-tenant': 'nowhere.example' } })).toFailWith({ status: 400, code: 901300 });
  });
});
