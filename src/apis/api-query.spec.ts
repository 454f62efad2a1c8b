import { likeLiteral, likePattern, parseQuery } from './api-query.js';

const part = (text: string) => ({ text, exact: false });

it.each([
  ['', []],
  ['pizza', [{ field: 'name', property: '', values: [part('pizza')] }]],
  ['pizza shack', [{ field: 'name', property: '', values: [part('pizza shack')] }]],
  ['name:pizza shack', [{ field: 'name', property: '', values: [part('pizza shack')] }]],
  ['name:A name:B', [{ field: 'name', property: '', values: [part('A'), part('B')] }]],
  ['name:A content:B', [{ field: 'name', property: '', values: [part('A'), part('B')] }]],
  [
    'name:A  version:1.0',
    [
      { field: 'name', property: '', values: [part('A')] },
      { field: 'version', property: '', values: [part('1.0')] },
    ],
  ],
  ['tags:x tag:y', [{ field: 'tag', property: '', values: [part('x'), part('y')] }]],
  ['lcState:PUBLISHED', [{ field: 'status', property: '', values: [part('PUBLISHED')] }]],
  ['provider:"ann"', [{ field: 'provider', property: '', values: [{ text: 'ann', exact: true }] }]],
  ['description:"two words"', [{ field: 'description', property: '', values: [{ text: 'two words', exact: true }] }]],
  ['Colour:red', [{ field: 'property', property: 'Colour', values: [part('red')] }]],
  ['context:/a:b', [{ field: 'context', property: '', values: [part('/a:b')] }]],
  [':x', [{ field: 'name', property: '', values: [part(':x')] }]],
  ['toString:x', [{ field: 'property', property: 'toString', values: [part('x')] }]],
])('%j', (query, terms) => {
  expect(parseQuery(query)).toEqual(terms);
});

it.each([
  [part('Pizza'), '%pizza%'],
  [part('p*a'), '%p%a%'],
  [part('100%_\\'), '%100\\%\\_\\\\%'],
  [{ text: 'Ann', exact: true }, 'ann'],
])('%j is the pattern %s', (value, pattern) => {
  expect(likePattern(value)).toBe(pattern);
});

it('takes a text as it is', () => {
  expect(likeLiteral('A*b_c%')).toBe('a*b\\_c\\%');
});

it.each([
  ['pizza', [{ field: 'content', property: '', values: [part('pizza')] }]],
  ['content:pizza shack', [{ field: 'content', property: '', values: [part('pizza shack')] }]],
  [
    'content:a name:b',
    [
      { field: 'content', property: '', values: [part('a')] },
      { field: 'name', property: '', values: [part('b')] },
    ],
  ],
  ['doc:a', [{ field: 'doc', property: '', values: [part('a')] }]],
])('over everything, %j', (query, terms) => {
  expect(parseQuery(query, 'everything')).toEqual(terms);
});
