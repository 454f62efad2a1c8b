import { setImmediate as turn } from 'node:timers/promises';
import { FairQueue } from './fair-queue.js';

const LIMITS = { running: 1, waiting: 4, waitingOfOne: 3, retryAfterSeconds: 2 };

const works = (queue: FairQueue) => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  return {
    begun,
    add: (key: string, name: string) =>
      queue.run(key, () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.push(resolve));
      }),
    endOne: async () => {
      ends.shift()?.();
      await turn();
    },
  };
};

it('lets the keys take turns, however many works one of them has', async () => {
  const { add, begun, endOne } = works(new FairQueue(LIMITS));
  const all = [add('flood', 'f1'), add('flood', 'f2'), add('flood', 'f3'), add('flood', 'f4'), add('ann', 'a1')];

  for (let i = 0; i < 5; i++) await endOne();

  await Promise.all(all);
  expect(begun).toEqual(['f1', 'f2', 'a1', 'f3', 'f4']);
});

it('refuses a key that waits too often', async () => {
  const { add, endOne } = works(new FairQueue(LIMITS));
  const all = ['1', '2', '3', '4'].map((name) => add('flood', name));

  await expect(add('flood', '5')).rejects.toMatchObject({ status: 429, headers: { 'Retry-After': '2' } });

  for (let i = 0; i < 4; i++) await endOne();
  await Promise.all(all);
});

it('refuses the last of the longest queue to let another key wait', async () => {
  const { add, begun, endOne } = works(new FairQueue(LIMITS));
  const flood = ['f1', 'f2', 'f3', 'f4'].map((name) => add('flood', name));
  const others = [add('ann', 'a1')];
  const last = expect(flood[3]).rejects.toMatchObject({ status: 429 });

  others.push(add('bob', 'b1'));

  await last;
  for (let i = 0; i < 5; i++) await endOne();
  await Promise.all([...flood.slice(0, 3), ...others]);
  expect(begun).toEqual(['f1', 'f2', 'a1', 'b1', 'f3']);
});

it('goes on after a work that failed', async () => {
  const queue = new FairQueue(LIMITS);

  await expect(queue.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');

  await expect(queue.run('a', async () => 'yes')).resolves.toBe('yes');
});
