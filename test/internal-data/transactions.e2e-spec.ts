import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;
const send = (body: unknown, by: Actor = superAdmin) => by.internalData<boolean>('POST /transaction-records', { body });
const counted = async (startTime: string, endTime: string): Promise<number> =>
  expected(await superAdmin.admin<{ count: number }>('GET /transaction-count', { query: { startTime, endTime } }), 200).count;

/** Of a time that no other test records. */
const record = (changes: object = {}) => ({
  ...{ id: unique('record'), serverID: 'gw-1', serverType: 'GW', host: '10.0.0.7', count: 20, recordedTime: '2001-05-04T10:00:00Z' },
  ...changes,
});

it('are counted between two moments, each once', async () => {
  const first = record();

  expect(expected(await send([first, record({ count: 5, recordedTime: '989020800000' })]), 200)).toBe(true);
  expect(expected(await send([first, record({ count: 7, recordedTime: '2001-05-05 00:00:01.0' })]), 200)).toBe(true);

  expect(await counted('2001-05-04', '2001-05-04T10:00:01Z')).toBe(20);
  expect(await counted('2001-05-04', '2001-05-06')).toBe(32);
  // Of two days, the second has what happened at the midnight between them.
  expect(await counted('2001-05-04', '2001-05-05')).toBe(20);
  expect(await counted('2001-05-05', '2001-05-06')).toBe(12);
  expect(await counted('2001-05-07', '2001-05-08')).toBe(0);
});

it.each([
  ['no list', record()],
  ['an empty list', []],
  ['a count that is none', [record({ count: -1 })]],
  ['a record without an id', [record({ id: undefined })]],
  ['a count that is too large', [record({ count: 2_147_483_648 })]],
  ['a time that is none', [record({ recordedTime: 'soon' })]],
  ['a time after the year 9999', [record({ recordedTime: '8640000000000000' })]],
  ['a time in the year 0', [record({ recordedTime: '0000-01-01' })]],
  ['something unknown', [record({ colour: 'red' })]],
])('are refused: %s', async (_, body) => {
  expect((await send(body)).status).toBe(400);
});

it('need two times to be counted', async () => {
  expect((await superAdmin.admin('GET /transaction-count', { query: { startTime: '2001-05-04' } })).status).toBe(400);
  expect((await superAdmin.admin('GET /transaction-count', { query: { startTime: 'x', endTime: '2001-05-04' } })).status).toBe(400);
});

it('are the super tenant’s alone: another tenant counts what its own APIs answered', async () => {
  const { admin } = await given.organization();
  const query = { startTime: '2001-05-04', endTime: '2001-05-05' };

  expect((await send([record()], admin)).status).toBe(403);
  expect(await admin.admin('GET /transaction-count', { query })).toMatchObject({ status: 200, body: { count: 0 } });
  expect(await send([record()], await given.user())).toFailWith(Unauthenticated());
  expect(await superAdmin.withScopes('apim:api_view').admin('GET /transaction-count', { query })).toFailWith(Unauthenticated());
});
