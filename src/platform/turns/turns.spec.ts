import { jsonInTurns, mapInTurns, TURN_ITEMS } from './turns.js';

const long = Array.from({ length: TURN_ITEMS * 3 + 1 }, (_, index) => ({ index, none: undefined, text: `"${index}\u2028` }));

it.each([
  ['a text', 'a'],
  ['null', null],
  ['an object', { a: 1, b: undefined, c: [1, undefined, null], 'd"': () => 1, e: new Date(0) }],
  ['a long list', long],
  ['a long list in an object', { a: 'x', list: long, 'k"': { deeper: { list: long } }, gone: undefined, date: new Date(0) }],
  ['a list of lists', [long, long]],
])('writes %s as JSON.stringify does', async (_, value) => {
  expect(await jsonInTurns(value)).toBe(JSON.stringify(value));
});

it('leaves nothing to write for undefined', async () => {
  expect(await jsonInTurns(undefined)).toBeUndefined();
});

it('changes every item of a long list, in order', async () => {
  expect(await mapInTurns(long, ({ index }, place) => index + place)).toEqual(long.map(({ index }) => index * 2));
});

it('lets others go first while it writes', async () => {
  const huge = Array.from({ length: 200_000 }, (_, index) => ({ index, list: ['a', 'b'], text: 'some text or other' }));
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);

  await jsonInTurns({ huge });

  clearInterval(timer);
  expect(turns).toBeGreaterThan(10);
});
