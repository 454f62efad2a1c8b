import { generateKeyPairSync } from 'node:crypto';
import type { Repository } from 'typeorm';
import type { Transactions } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import type { Log } from '../../platform/logging/log.js';
import { type Outbound, OutboundError } from '../../platform/outbound/outbound.js';
import type { KeyManagerEntity } from './key-manager.entity.js';
import type { KeyManagersService } from './key-managers.service.js';
import { OutsideKeyRefresh } from './outside-key-refresh.js';

const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
const KEYS = JSON.stringify({ keys: [jwk] });
const log = { warn: () => undefined } as unknown as Log; // nothing is read from the log here

/** A refresh of one key manager, which answers what it is told to; null when nobody answers. */
const refreshing = () => {
  const state = { row: { id: 'one', enabled: true, type: 'oidc', keys: [], keysError: '' }, answer: KEYS as string | null };
  const row = () => ({ ...state.row, settings: { certificates: { type: 'JWKS', value: 'https://idp.test/jwks' } } });
  const rows = { findOneBy: async () => row(), find: async () => [row()], update: async () => undefined };
  const outbound = {
    get: async () => {
      if (state.answer === null) throw new OutboundError('nobody answers');
      return { status: 200, mediaType: '', body: Buffer.from(state.answer) };
    },
  };
  const em = { findOne: async () => row(), update: async () => undefined };
  const events = new Events(log);
  const refresh = new OutsideKeyRefresh(
    // What is used of each is there.
    rows as unknown as Repository<KeyManagerEntity>,
    { publish: async () => undefined } as unknown as KeyManagersService,
    { run: (work: (tx: object) => Promise<unknown>) => work({ em }) } as unknown as Transactions,
    outbound as unknown as Outbound,
    events,
    log,
  );
  refresh.onApplicationBootstrap();
  const saved = async () => {
    events.emit('key-manager.changed', { organization: 'a.com', id: 'one' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    return refresh.areFetched;
  };
  return { state, saved, stop: () => refresh.onApplicationShutdown() };
};

it.each([
  ['nobody answers', null],
  ['the answer is no document', '<html>'],
  ['there are none', '{"keys":[]}'],
])('tells that keys are not fetched when %s, and when they are again', async (_, answer) => {
  const { state, saved, stop } = refreshing();
  expect(await saved()).toBe(true);

  state.answer = answer;
  expect(await saved()).toBe(false);
  state.answer = KEYS;
  expect(await saved()).toBe(true);
  stop();
});

it('does not mind a key manager that is disabled', async () => {
  const { state, saved, stop } = refreshing();
  state.answer = null;
  expect(await saved()).toBe(false);

  state.row.enabled = false;
  expect(await saved()).toBe(true);
  stop();
});
