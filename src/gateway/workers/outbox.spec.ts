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

it('keeps what could not be written, in order, for the next time', async () => {
  const written: number[] = [];
  let isAway = true;
  const outbox = new Outbox<number>(
    'numbers',
    async (records) => {
      if (isAway) throw new Error('away');
      written.push(...records);
    },
    log,
  );
  outbox.add([1]);
  await outbox.flush();
  outbox.add([2]);
  isAway = false;
  await outbox.flush();

  expect(written).toEqual([1, 2]);
});
