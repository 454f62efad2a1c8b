import { LogConfig } from '../../platform/config/sections/log.config.js';
import { Log } from '../../platform/logging/log.js';
import { Outbox } from './outbox.js';

const log = new Log(Object.assign(new LogConfig(), { level: 'error' }));

it('writes what came while a batch was being written, without another call for it', async () => {
  const batches: number[][] = [];
  let release = (): void => undefined;
  const outbox = new Outbox<number>(
    'numbers',
    (records) => {
      batches.push([...records]);
      return batches.length === 1 ? new Promise((resolve) => (release = resolve)) : Promise.resolve();
    },
    log,
  );
  outbox.add([1]);
  const first = outbox.flush();
  await Promise.resolve();
  outbox.add([2, 3]);
  const second = outbox.flush();
  release();
  await Promise.all([first, second]);

  expect(batches).toEqual([[1], [2, 3]]);
});

it('tries again what could not be written, as it was and before anything else', async () => {
  const tries: (readonly [records: readonly number[], batch: string])[] = [];
  const outbox = new Outbox<number>(
    'numbers',
    async (records, batch) => {
      tries.push([records, batch]);
      if (tries.length < 3) throw new Error('away');
    },
    log,
  );
  outbox.add([1]);
  await outbox.flush();
  outbox.add([2]);
  await outbox.flush();
  outbox.add([3]);
  await outbox.flush();

  expect(tries.map(([records]) => records)).toEqual([[1], [1], [1], [2, 3]]);
  const [first, second, third, fourth] = tries.map(([, batch]) => batch);
  expect([second, third]).toEqual([first, first]);
  expect(fourth).not.toBe(first);
});
