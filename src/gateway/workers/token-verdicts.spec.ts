import type { Log } from '../../platform/logging/log.js';
import type { TokenVerdict } from '../engine/messages.js';
import { TokenVerdicts } from './token-verdicts.js';

const INACTIVE: TokenVerdict = { outcome: 'inactive' };

/** Verdicts whose key managers outside answer when they are told to; `asked` are their open questions. */
const verdicts = () => {
  const asked: { readonly organization: string; readonly resolve: (verdict: TokenVerdict) => void }[] = [];
  const warned: object[] = [];
  const outside = {
    verdict: (organization: string) => {
      const { promise, resolve } = Promise.withResolvers<TokenVerdict>();
      asked.push({ organization, resolve });
      return promise;
    },
    forget: () => undefined,
  };
  const log = { warn: (detail: object) => warned.push(detail) } as unknown as Log; // the part that is used
  return { all: new TokenVerdicts({ verdict: async () => undefined }, outside, log), asked, warned };
};

/** So many different questions of one tenant. */
const flood = (all: TokenVerdicts, organization: string, count: number): Promise<TokenVerdict>[] =>
  Array.from({ length: count }, (_, i) => all.verdict(organization, 'Slow', `token-${i}`));

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('a tenant whose key manager is slow leaves the others their turn', async () => {
  const { all, asked } = verdicts();
  const slow = flood(all, 'slow.com', 2_000);
  await turn();
  const others = flood(all, 'acme.com', 20);
  await turn();

  for (const { resolve } of asked.filter(({ organization }) => organization === 'acme.com')) resolve(INACTIVE);

  expect(await Promise.all(others)).toEqual(others.map(() => INACTIVE));
  for (const { resolve } of asked) resolve(INACTIVE);
  expect(new Set((await Promise.all(slow)).map(({ outcome }) => outcome))).toEqual(new Set(['inactive', 'unknown']));
});

it('is as ready as before once the flood is over', async () => {
  const { all, asked } = verdicts();
  const before = flood(all, 'slow.com', 2_000);
  await turn();
  const atOnce = asked.length;
  for (const { resolve } of asked) resolve(INACTIVE);
  await Promise.all(before);

  void flood(all, 'slow.com', 2_000);
  await turn();

  expect(atOnce).toBeGreaterThan(0);
  expect(asked).toHaveLength(2 * atOnce);
});

it('says once that tokens cannot be checked, however many they are', async () => {
  const { all, warned } = verdicts();
  void flood(all, 'slow.com', 2_000);
  await turn();

  expect(warned).toHaveLength(1);
});

it('asks once for all who ask the same, and anew when key managers have changed', async () => {
  const { all, asked } = verdicts();
  const ask = () => void all.verdict('acme.com', 'Slow', 't');
  ask();
  ask();
  await turn();
  expect(asked).toHaveLength(1);

  all.forget();
  ask();
  ask();
  await turn();

  expect(asked).toHaveLength(2);
});
