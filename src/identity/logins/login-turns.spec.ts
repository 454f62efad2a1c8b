import { setImmediate as turn } from 'node:timers/promises';
import { LoginTurns } from './login-turns.js';

it('lets the logins of one account wait for each other, also for what one still writes after its answer', async () => {
  const turns = new LoginTurns();
  const written = Promise.withResolvers<void>();
  const seen: string[] = [];

  const first = await turns.run('ann', async (hold) => {
    hold(written.promise.then(() => seen.push('written')));
    return 'answered';
  });
  const second = turns.run('ann', async () => seen.push('second'));
  const other = turns.run('bob', async () => seen.push('bob'));
  await other;
  await turn();

  expect(first).toBe('answered');
  expect(seen).toEqual(['bob']);
  written.resolve();
  await second;
  expect(seen).toEqual(['bob', 'written', 'second']);
});

it('tells of what a login still writes after its answer, and of nothing else', async () => {
  const turns = new LoginTurns();
  const [answered, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const login = turns.run('ann', async (hold) => {
    hold(written.promise);
    await answered.promise;
  });

  expect(turns.pending('ann')).toBeUndefined();
  answered.resolve();
  await login;
  const pending = turns.pending('ann');
  expect(pending).toBeInstanceOf(Promise);
  expect(turns.pending('bob')).toBeUndefined();
  written.resolve();
  await pending;
  await turn();
  expect(turns.pending('ann')).toBeUndefined();
});

it('goes on after a login that failed', async () => {
  const turns = new LoginTurns();

  await expect(turns.run('ann', () => Promise.reject(new Error('database away')))).rejects.toThrow('database away');

  await expect(turns.run('ann', async () => 1)).resolves.toBe(1);
});

it('refuses what would wait too long', async () => {
  const turns = new LoginTurns();
  const end = Promise.withResolvers<void>();
  const waiting = Array.from({ length: 256 }, () => turns.run('ann', () => end.promise));

  await expect(turns.run('ann', async () => undefined)).rejects.toMatchObject({ status: 429 });

  end.resolve();
  await Promise.all(waiting);
});
