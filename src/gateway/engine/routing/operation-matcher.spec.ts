import fc from 'fast-check';
import { OperationMatcher } from './operation-matcher.js';

const matcherOf = (...targets: string[]) =>
  new OperationMatcher(
    targets.map((text) => {
      const [method = '', target = ''] = text.split(' ');
      return { method, target };
    }),
  );

const PIZZAS = matcherOf(
  'GET /payee/{id}',
  'POST /payee/personal',
  'GET /menu',
  'GET /menu/{name}',
  'GET /menu/today',
  'GET /menu/{name}/price',
  'GET /menu/*',
  'GET /files/{name}.json',
  'GET /files/{id}',
  'GET /maps/{+area}',
  'GET /search?q={+q}',
  'GET /a*c',
  'GET /*',
  'DELETE /menu/{name}',
  'PUT /odd/-._~",',
  'GET /users/@me',
  'GET /users/{id}',
  'GET /users/@me/caf%C3%A9',
  'GET /users/{id}/café',
);

it.each([
  ['GET', '/menu', '/menu'],
  ['GET', '/menu/today', '/menu/today'],
  ['GET', '/menu/calzone', '/menu/{name}'],
  ['GET', '/menu/calzone/price', '/menu/{name}/price'],
  ['GET', '/menu/today/price', '/menu/{name}/price'],
  ['GET', '/menu/calzone/x/y', '/menu/*'],
  ['GET', '/menu/a,b', '/menu/*'],
  ['GET', '/menu/a:b', '/menu/*'],
  ['GET', '/menu/a%2Cb', '/menu/{name}'],
  ['GET', '/files/x.json', '/files/{name}.json'],
  ['GET', '/files/x.xml', '/files/{id}'],
  ['GET', '/files/.json', '/files/{id}'],
  ['GET', '/maps/a,b:c/d/e', '/maps/{+area}'],
  ['GET', '/abc', '/a*c'],
  ['GET', '/ac', '/*'],
  ['GET', '/else/where', '/*'],
  ['GET', '/', '/*'],
  ['POST', '/payee/personal', '/payee/personal'],
  ['GET', '/payee/personal', '/payee/{id}'],
  ['DELETE', '/menu/today', '/menu/{name}'],
  ['DELETE', '/menu', undefined],
  ['PUT', '/odd/-._~",', '/odd/-._~",'],
  ['GET', '/users/%40me', '/users/@me'],
  ['GET', '/users/%40me%2Fx', '/users/{id}'],
  ['GET', '/users/%E0%A4%A', '/users/{id}'],
  ['GET', '/users/%40me/caf%c3%a9', '/users/@me/caf%C3%A9'],
  ['GET', '/users/1/caf%C3%A9', '/users/{id}/café'],
  ['PATCH', '/menu', undefined],
])('%s %s is %s', (method, path, target) => {
  expect(PIZZAS.find(method, path, '')?.target).toBe(target);
});

it.each([
  ['q=x', '/search?q={+q}'],
  ['p=1&q=x', '/search?q={+q}'],
  ['p=1', '/*'],
  ['', '/*'],
])('/search with %j is %s', (search, target) => {
  expect(PIZZAS.find('GET', '/search', search)?.target).toBe(target);
});

it.each([['/a/{b'], ['/a/b}'], ['/{a}{'], ['/a/{{b}}']])('does not take %s for a template', (target) => {
  expect(() => matcherOf(`GET ${target}`)).toThrow('unbalanced braces');
});

it('tells whether any verb knows the path', () => {
  const matcher = matcherOf('GET /menu', 'POST /order/{id}');

  expect(matcher.findAny('/order/1', '')?.method).toBe('POST');
  expect(matcher.findAny('/order', '')).toBeUndefined();
});

it('finds the most exact of any templates, whatever their order', () => {
  const segment = fc.constantFrom('a', 'b', '{x}');
  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.array(segment, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), path, (templates, values) => {
      const matcher = matcherOf(...templates.map((segments) => `GET /${segments.join('/')}`));
      const matching = templates
        .filter((segments) => segments.length === values.length && segments.every((text, i) => text === '{x}' || text === values[i]))
        // The leftmost literal decides.
        .map((segments) => segments.map((text) => (text === '{x}' ? 'z' : 'a')).join(''))
        .sort();
      const found = matcher.find('GET', `/${values.join('/')}`, '')?.target;
      const shape = found
        ?.slice(1)
        .split('/')
        .map((text) => (text === '{x}' ? 'z' : 'a'))
        .join('');
      expect(shape).toBe(matching[0]);
    }),
  );
});

it('stays quick with hostile paths', () => {
  const matcher = matcherOf(
    'GET /{a}-{b}-{c}-{d}-{e}-{f}x',
    ...Array.from({ length: 200 }, (_, i) => `GET /${'{v}/'.repeat(i % 20)}end${i}`),
  );
  const started = performance.now();

  matcher.find('GET', `/${'-'.repeat(8_000)}`, '');
  matcher.find('GET', `/${'a/'.repeat(4_000)}`, '');

  expect(performance.now() - started).toBeLessThan(200);
});
