import { management } from '../support/client.js';
import { given } from '../support/given.js';

const OPERATION = 'POST /api/am/publisher/v4/apis';
const NESTED = 50_000;

it.each<[string, string, Record<string, string>]>([
  [
    'a form of more fields than anybody has',
    Array.from({ length: 2_000 }, (_, index) => `a${index}=1`).join('&'),
    { 'content-type': 'application/x-www-form-urlencoded' },
  ],
  ['a body that is not compressed as it says', 'plain', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ['arrays in arrays without end', `{"name":${'['.repeat(NESTED)}${']'.repeat(NESTED)}}`, { 'content-type': 'application/json' }],
])('%s is the caller’s mistake: 400', async (_case, raw, headers) => {
  const { username, password } = given.superAdmin;

  const answer = await management.request(OPERATION, { raw, headers, as: { basic: { username, password } } });

  expect(answer).toFailWith({ status: 400 });
});
