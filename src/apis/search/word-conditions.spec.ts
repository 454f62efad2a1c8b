import { soughtWords, wordsCondition } from './word-conditions.js';

const part = (text: string) => ({ text, exact: false });

it.each([
  [part('Pizza'), { plain: ['pizza'], patterns: [], phrase: '' }],
  [part('Hot  pizza, now!'), { plain: ['hot', 'pizza', 'now'], patterns: [], phrase: '' }],
  [part('/pizza/{pizzaId}'), { plain: ['pizza', 'pizzaid'], patterns: [], phrase: '' }],
  [part('Hot_Pizza'), { plain: ['hot_pizza'], patterns: [], phrase: '' }],
  [part('pizz* 10%_*'), { plain: ['10'], patterns: ['pizz%', '\\_%'], phrase: '' }],
  [part('* **'), { plain: [], patterns: [], phrase: '' }],
  [part('Crème brûlée'), { plain: ['crème', 'brûlée'], patterns: [], phrase: '' }],
  [
    { text: 'Hot-pizza', exact: true },
    { plain: ['hot', 'pizza'], patterns: [], phrase: ' hot pizza ' },
  ],
  [
    { text: 'pizza', exact: true },
    { plain: ['pizza'], patterns: [], phrase: '' },
  ],
])('%j', (value, words) => {
  expect(soughtWords(value)).toEqual(words);
});

it.each([
  ['', 'true'],
  ['*', 'true'],
  ['!?', 'false'],
])('without a word, %j is %s', (text, condition) => {
  expect(wordsCondition([part(text)], '$1', String)).toBe(`(${condition})`);
});
