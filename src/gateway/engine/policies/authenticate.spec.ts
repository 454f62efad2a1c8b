import type { Exchange } from '../exchange.js';
import type { LinkedApi } from '../link.js';
import { challenges, NotSubscribed, type Refusal } from '../refusal.js';
import { type Authenticator, authenticate } from './authenticate.js';

const refusals = challenges(['oauth2', 'api_key'], 'Authorization', 'ApiKey');
const { missing, invalid } = refusals;
const internalKey = () => NotSubscribed;

type Outcome = ReturnType<Authenticator['identify']>;

/** What comes of authenticators that answer so, and how many of them were asked. */
const asked = async (outcomes: readonly Outcome[], presented: Partial<Exchange> = {}, isOpen = false) => {
  const seen: number[] = [];
  const authenticators = outcomes.map((outcome, index) => ({
    identify: () => {
      seen.push(index);
      return outcome;
    },
    strip: () => undefined,
  }));
  const exchange = { internalKey: null, isAnonymous: false, ...presented } as Exchange; // the parts that are looked at
  // Only the challenges of the API are asked for.
  const policy = authenticate({ challenges: refusals } as LinkedApi, isOpen, authenticators, internalKey);
  return { answer: await policy(exchange), seen: seen.length, exchange };
};
const later = (answer: Refusal | undefined) => Promise.resolve(answer);

it.each<[string, readonly Outcome[], Refusal | undefined, number]>([
  ['nothing presented', ['absent', 'absent'], missing, 2],
  ['no authenticator', [], missing, 0],
  ['the first is good', [undefined, invalid], undefined, 1],
  ['the second is good', [invalid, undefined], undefined, 2],
  ['the only one is bad', ['absent', invalid], invalid, 2],
  ['both are bad', [NotSubscribed, invalid], NotSubscribed, 2],
  ['the first is good later', [later(undefined), invalid], undefined, 1],
  ['the first is bad later, the second good', [later(invalid), undefined], undefined, 2],
  ['the first is bad later, the second absent', [later(invalid), 'absent'], invalid, 2],
  ['bad at once, then bad later', [NotSubscribed, later(invalid)], NotSubscribed, 2],
  ['both are bad later', [later(invalid), later(NotSubscribed)], invalid, 2],
])('%s', async (_, outcomes, expected, count) => {
  expect(await asked(outcomes)).toMatchObject({ seen: count });
  expect((await asked(outcomes)).answer).toBe(expected);
});

it('asks nobody for an open resource, nor when a test key is presented', async () => {
  expect(await asked([invalid], {}, true)).toMatchObject({ answer: undefined, seen: 0, exchange: { isAnonymous: true } });
  expect((await asked([undefined], { internalKey: 'x' })).answer).toBe(NotSubscribed);
});
