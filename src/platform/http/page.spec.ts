import { ALL, page } from './page.js';

const query = (limit: number, offset: number) => ({ limit, offset, path: '/apis', rest: 'query=a' });

it.each([
  [25, 0, 3, '', ''],
  [2, 0, 5, '/apis?limit=2&offset=2&query=a', ''],
  [2, 2, 5, '/apis?limit=2&offset=4&query=a', '/apis?limit=2&offset=0&query=a'],
  [2, 1, 5, '/apis?limit=2&offset=3&query=a', '/apis?limit=2&offset=0&query=a'],
  [2, 4, 5, '', '/apis?limit=2&offset=2&query=a'],
  [2, 9, 5, '', ''],
  [0, 0, 5, '', ''],
  [0, 3, 5, '', ''],
])('limit %d, offset %d of %d', (limit, offset, total, next, previous) =>
  expect(page([], total, query(limit, offset))).toEqual({ count: 0, list: [], pagination: { offset, limit, total, next, previous } }));

it('shows the whole as the limit of a list that is asked for without one', () =>
  expect(page(['a', 'b'], 2, query(ALL, 0)).pagination).toEqual({ offset: 0, limit: 2, total: 2, next: '', previous: '' }));
