import { LineQueue } from './line-queue.js';

it('writes lines in their order, beside whoever adds them', async () => {
  const written: number[] = [];
  const queue = new LineQueue<number>((record) => {
    written.push(record);
    return `${record}\n`;
  });

  queue.add(1);
  queue.add(2);
  expect(written).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));

  expect(queue.take()).toEqual({ text: '1\n2\n', dropped: 0 });
  expect(queue.take()).toBeUndefined();
});

it('drops and counts what it has no room for, and lets go of it', () => {
  const done: number[] = [];
  const queue = new LineQueue<number>(
    () => 'line\n',
    (record) => done.push(record),
  );

  for (let i = 0; i < 10_003; i += 1) queue.add(i);
  expect(done).toEqual([10_000, 10_001, 10_002]);

  const taken = queue.take(true);
  expect(taken?.dropped).toBe(3);
  expect(taken?.text).toHaveLength(50_000);
  expect(done).toHaveLength(10_003);
});

it('drops what comes while too much text waits to be taken', async () => {
  const queue = new LineQueue<number>(() => 'x'.repeat(16 * 1_048_576));
  queue.add(1);
  await new Promise((resolve) => setImmediate(resolve));

  queue.add(2);
  expect(queue.take()).toMatchObject({ dropped: 1 });

  queue.add(3);
  expect(queue.take(true)).toMatchObject({ dropped: 0 });
});
