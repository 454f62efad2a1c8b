import { toCommentDto } from './comments.mapper.js';
import type { CommentThread, CommentView } from './comments.queries.js';

const at = new Date('2026-05-04T10:21:00.123Z');
const view = (id: string, change: Partial<CommentView> = {}): CommentView => ({
  id,
  parentId: null,
  entryPoint: 'DEVPORTAL',
  category: 'general',
  content: 'Hello',
  author: 'ann',
  createdAt: at,
  updatedAt: null,
  commenter: { firstName: 'Ann', lastName: 'Ade', fullName: 'Ann Ade' },
  ...change,
});
const thread: CommentThread = { ...view('first'), replies: { items: [view('reply', { parentId: 'first', updatedAt: at })], total: 3 } };
const style = { path: '/apis/1/comments', replies: { limit: 1, offset: 1 }, withCommenter: false };

it('shows a comment with a page of its replies, which have none', () => {
  expect(toCommentDto(thread, style)).toMatchObject({
    id: 'first',
    createdTime: '2026-05-04T10:21:00.123Z',
    updatedTime: null,
    parentCommentId: null,
    entryPoint: 'DEVPORTAL',
    replies: {
      count: 1,
      list: [{ id: 'reply', updatedTime: '2026-05-04T10:21:00.123Z', parentCommentId: 'first', replies: { count: 0, list: [] } }],
      pagination: {
        total: 3,
        next: '/apis/1/comments/first/replies?limit=1&offset=2',
        previous: '/apis/1/comments/first/replies?limit=1&offset=0',
      },
    },
  });
});

it.each([
  [false, view('a').commenter, null],
  [true, view('a').commenter, { firstName: 'Ann', lastName: 'Ade', fullName: 'Ann Ade' }],
  [true, null, null],
])('with more of the people asked for %p and an account %j shows %j', (withCommenter, commenter, shown) =>
  expect(toCommentDto({ ...thread, commenter }, { ...style, withCommenter }).commenterInfo).toEqual(shown));
