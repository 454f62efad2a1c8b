import { comparablePath, Router, restStart } from './router.js';

const routerOf = (...paths: string[]): Router<string> => {
  const router = new Router<string>();
  for (const path of paths) router.add(path, path, path, 1);
  return router;
};

it.each([
  ['/pizza/1.0.0', '/pizza/1.0.0', ''],
  ['/pizza/1.0.0/', '/pizza/1.0.0', '/'],
  ['/pizza/1.0.0/menu/1', '/pizza/1.0.0', '/menu/1'],
  ['/pizza/2.0.0/menu', '/pizza', '/2.0.0/menu'],
  ['/pizza', '/pizza', ''],
  ['/pizzas', undefined, ''],
  ['/t/a.com/pizza/1.0.0/menu', '/t/a.com/pizza/1.0.0', '/menu'],
  ['/t/A.com/pizza/1.0.0/menu', undefined, ''],
  ['/', undefined, ''],
  ['', undefined, ''],
])('%s belongs to %s', (path, route, rest) => {
  const router = routerOf('/pizza/1.0.0', '/pizza', '/t/a.com/pizza/1.0.0');

  expect(router.find(path)).toBe(route);
  if (route !== undefined) expect(path.slice(router.matchedLength)).toBe(rest);
});

it('gives a path back to the earlier claim when the later one goes', () => {
  const router = new Router<string>();
  router.add('/pizza', 'one', 'first', 1);
  router.add('/pizza', 'two', 'second', 2);
  expect(router.find('/pizza/x')).toBe('second');

  router.remove('/pizza', 'two');
  expect(router.find('/pizza/x')).toBe('first');

  router.remove('/pizza', 'one');
  expect(router.find('/pizza/x')).toBeUndefined();
});

it('replaces the claim of the same owner', () => {
  const router = new Router<string>();
  router.add('/pizza', 'one', 'old', 1);
  router.add('/pizza', 'one', 'new', 2);
  expect(router.find('/pizza')).toBe('new');

  router.remove('/pizza', 'one');
  expect(router.find('/pizza')).toBeUndefined();
});

it.each([
  ['/a/b', '/a/b'],
  ['/%61dmin', '/admin'],
  ['/a%2Fb', '/a%2Fb'],
  ['/a%28b', '/a%28b'],
  ['//a///b', '/a/b'],
  ['/a/%2e%2e/b', undefined],
  ['/a/../b', undefined],
  ['/a/./b', undefined],
  ['/a/..', undefined],
  ['/a\\..\\b', undefined],
  ['/a%2f..%2Fb', undefined],
  ['/a/..%5Cb', undefined],
  ['/a/x%2F%2e%2E', undefined],
  ['/a/..;/b', undefined],
  ['/a/.;x=1/b', undefined],
  ['/a..b/c..', '/a..b/c..'],
  ['/a/x%2Fb.json', '/a/x%2Fb.json'],
  ['/.well-known/x', '/.well-known/x'],
  ['/a/...', '/a/...'],
])('%s is compared as %s', (sent, compared) => {
  expect(comparablePath(sent)).toBe(compared);
});

it.each([
  ['/pizza/1.0.0/menu', '/pizza/1.0.0', '/menu'],
  ['//pizza//1.0.0//menu', '/pizza/1.0.0', '//menu'],
  ['/%70izza/1.0.0/a%28', '/pizza/1.0.0', '/a%28'],
  ['/pizza/1.0.0', '/pizza/1.0.0', ''],
])('below %s lies what was sent after %s', (sent, route, rest) => {
  expect(sent.slice(restStart(sent, route))).toBe(rest);
});

it('gives the highest of several claims that is wanted, and knows when there are several', () => {
  const router = new Router<string>();
  router.add('/pets/1.0', 'a', 'first', 1);
  router.find('/pets/1.0');
  expect(router.isContested).toBe(false);

  router.add('/pets/1.0', 'b', 'second', 2);

  expect(router.find('/pets/1.0/list')).toBe('second');
  expect(router.isContested).toBe(true);
  expect(router.wanted((target) => target === 'first')).toBe('first');
  expect(router.wanted(() => false)).toBeUndefined();
});
