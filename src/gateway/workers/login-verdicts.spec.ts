import { TooManyRequests } from '../../platform/http/too-many-requests.js';
import type { Log } from '../../platform/logging/log.js';
import { originNow } from '../../platform/origin/origin.js';
import type { LoginVerdict } from '../engine/messages.js';
import { LoginVerdicts } from './login-verdicts.js';

const QUESTION = { name: 'ann@carbon.super', password: 'secret', address: '192.0.2.7' };

type Authenticate = () => Promise<{ id: string; name: string; organization: string; roles: string[] } | undefined>;

/** The answers of a user store that does this, and how often the log told of it. */
const asked = async (authenticate: Authenticate): Promise<{ readonly verdict: LoginVerdict; readonly told: number }> => {
  let told = 0;
  const log = { warn: () => (told += 1) } as unknown as Log; // nothing else of it is used
  const verdicts = new LoginVerdicts({ authenticate }, log);
  const verdict = await verdicts.verdict(QUESTION);
  await verdicts.verdict(QUESTION);
  return { verdict, told };
};

it.each<[string, () => Promise<object | undefined>, object, number]>([
  [
    'a right password',
    async () => ({ id: '1', name: 'ann', organization: 'carbon.super', roles: ['admin'] }),
    { outcome: 'active', name: 'ann', roles: ['admin'] },
    0,
  ],
  ['a wrong password', async () => undefined, { outcome: 'refused' }, 0],
  ['too many failures', () => Promise.reject(TooManyRequests(2)), { outcome: 'busy' }, 0],
  ['a database that is away', () => Promise.reject(new Error('away')), { outcome: 'unknown' }, 1],
])('answers %s, and tells the log once of what is wrong here', async (_, authenticate, verdict, told) => {
  expect(await asked(authenticate as Authenticate)).toEqual({ verdict, told });
});

it('asks in the name of the client’s address, by which failures are limited', async () => {
  const addresses: (string | undefined)[] = [];

  await asked(async () => {
    addresses.push(originNow()?.address);
    return undefined;
  });

  expect(addresses).toEqual(['192.0.2.7', '192.0.2.7']);
});
