import { Sampler } from './sampler.js';

const named = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Thirty schemas, each made of the next one twice. */
const chain = (madeOf: (next: object) => object) => {
  const schemas = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`S${index}`, madeOf(named(`S${index + 1}`))]));
  return { components: { schemas: { ...schemas, S30: { type: 'string' } } } };
};

it.each([
  ['parts of parts', chain((next) => ({ allOf: [next, next] })), {}],
  ['lists in lists', chain((next) => ({ type: 'array', items: next, minItems: 1_000 })), expect.anything()],
  ['objects in objects', chain((next) => ({ allOf: Array.from({ length: 30 }, () => ({ properties: { next } })) })), expect.anything()],
  ['an endless list', { components: { schemas: { S0: { type: 'array', minItems: 1e9, items: { type: 'string' } } } } }, {}],
])('takes no longer for %s than for anything else', (_, document, sample) => {
  const started = performance.now();

  const sampler = new Sampler(document);

  expect([sampler.json(named('S0')), sampler.xml(undefined, named('S0'))]).toEqual([sample, expect.any(String)]);
  expect(performance.now() - started).toBeLessThan(2_000);
});

it('makes a sample of a kind that its kinds repeat', () => {
  const schemas = {
    Pet: { type: 'object', properties: { name: { type: 'string' } }, oneOf: [named('Cat')] },
    Cat: { allOf: [named('Pet'), { type: 'object', properties: { lives: { type: 'integer', example: 9 } } }] },
  };

  expect(new Sampler({ components: { schemas } }).json(named('Cat'))).toMatchObject({ lives: 9 });
});
