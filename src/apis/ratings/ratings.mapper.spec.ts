import { averageText, noRating, toRatingList } from './ratings.mapper.js';

it.each([
  [0, '0.0'],
  [4, '4.0'],
  [4.3, '4.3'],
])('an average of %p reads %p', (average, text) => expect(averageText(average)).toBe(text));

it('shows a rating that is none as 0, with every property', () => {
  expect(noRating('1', 'ann')).toEqual({ ratingId: null, apiId: '1', ratedBy: 'ann', rating: 0 });
});

it('counts what is on the page, and pages through the rest', () => {
  const row = { id: 'r', organization: 'o', apiId: '1', userId: 'u', ratedBy: 'ann', rating: 5, ratedAt: new Date() };
  const window = { limit: 1, offset: 0, path: '/apis/1/ratings', rest: '' };

  expect(toRatingList({ items: [row], total: 2, average: 4.5, own: 4 }, window)).toEqual({
    avgRating: '4.5',
    userRating: 4,
    count: 1,
    list: [{ ratingId: 'r', apiId: '1', ratedBy: 'ann', rating: 5 }],
    pagination: { offset: 0, limit: 1, total: 2, next: '/apis/1/ratings?limit=1&offset=1', previous: '' },
  });
});
