import { Queues } from './queues.js';

it('lets the works of one name follow one another, also after one that failed', async () => {
  const queues = new Queues();
  const seen: string[] = [];
  const work = (label: string) => async () => {
    seen.push(`${label} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(`${label} ends`);
    if (label === 'first') throw new Error(label);
  };

  const ended = await Promise.allSettled([queues.run('a', work('first')), queues.run('a', work('second')), queues.run('a', work('third'))]);

  expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends', 'third begins', 'third ends']);
  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});

it('does not let one name wait for another', async () => {
  const queues = new Queues();
  const blocked = Promise.withResolvers<void>();
  const waiting = queues.run('a', () => blocked.promise);

  const other = await queues.run('b', async () => 'done');

  expect(other).toBe('done');
  blocked.resolve();
  await waiting;
});

it('keeps nothing of a name once its work has ended', async () => {
  const queues = new Queues();

  await Promise.all([queues.run('a', async () => 1), queues.run('a', async () => 2)]);

  expect(queues.size).toBe(0);
});
