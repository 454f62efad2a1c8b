import { categoryOf } from './category-rules.js';

it.each([
  ['Finance', 'Finance'],
  ['  Finance ', 'Finance'],
  ['Public transport', 'Public transport'],
  ['Grüße-2_b', 'Grüße-2_b'],
])('%p is the category %p', (name, expected) => expect(categoryOf({ name })).toEqual({ name: expected, description: '' }));

it.each(['', '  ', 'a/b', 'a,b', 'a:b', 'a*', 'a\tb', '<b>', '"a"'])('%p is no name of a category', (name) =>
  expect(() => categoryOf({ name })).toThrow(expect.objectContaining({ status: 400 })));
