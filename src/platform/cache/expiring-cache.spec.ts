import { ExpiringCache } from './expiring-cache.js';

it('asks again after its time', async () => {
  let now = 0;
  let loads = 0;
  const cache = new ExpiringCache<number>(100, 10, () => now);
  const get = () => cache.get('a', async () => ++loads);

  expect([await get(), await get()]).toEqual([1, 1]);
  now = 100;
  expect(await get()).toBe(2);
});

it('does not keep what was read before a change', async () => {
  const cache = new ExpiringCache<string>(100, 10);
  const { promise, resolve } = Promise.withResolvers<string>();
  const early = cache.get('a', () => promise);

  cache.clear();
  resolve('old');

  expect(await early).toBe('old');
  expect(cache.peek('a')).toBeUndefined();
});

it('drops the oldest when it is full', () => {
  const cache = new ExpiringCache<number>(100, 2);

  for (const key of ['a', 'b', 'c']) cache.set(key, 1);

  expect(['a', 'b', 'c'].map((key) => cache.peek(key))).toEqual([undefined, 1, 1]);
});
