import { pathReader } from './path-values.js';

it.each([
  ['/pets/{id}', '/pets/7', { id: '7' }],
  ['/pets/{id}/', '/pets/7/', { id: '7' }],
  ['/{kind}/{id}.json', '/cats/7.json', { kind: 'cats', id: '7' }],
  ['/range/{from}-{to}', '/range/1-2', { from: '1', to: '2' }],
  ['/files/{+path}', '/files/a%2Fb', { path: 'a%2Fb' }],
  ['/pets/{id}', '/pets', {}],
  ['/pets', '/pets', {}],
])('reads off %s at %s: %j', (template, path, values) => {
  expect(Object.fromEntries(pathReader(template)(path))).toEqual(values);
});

it('takes time in proportion to the path', () => {
  const read = pathReader('/{a}-{b}-{c}-{d}x');
  const started = performance.now();

  const values = read(`/${'-'.repeat(30_000)}`);

  expect(values.size).toBe(0);
  expect(performance.now() - started).toBeLessThan(2_000);
});
