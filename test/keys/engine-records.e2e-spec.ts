import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { EngineRecords } from '../../src/keys/engine/engine-records.js';
import { Config } from '../../src/platform/config/config.js';
import { Installation } from '../../src/platform/config/installation.js';
import { LogConfig } from '../../src/platform/config/sections/log.config.js';
import { Secrets } from '../../src/platform/crypto/secrets.js';
import { Log } from '../../src/platform/logging/log.js';
import { server } from '../support/server.js';
import { asking, Browser, keyOf, portalClient, quietClient, sentBack } from './browser.js';

const source = new DataSource({ type: 'postgres', host: join(server.dataDir, 'postgres'), username: 'gatehouse', database: 'postgres' });
const installation = new Installation(new Config(), { name: 'all-in-one', modules: new Set() }, 'ab'.repeat(32));
const records = new EngineRecords(source, new Secrets(installation), new Log(new LogConfig()));
const ORGANIZATION = 'carbon.super';

beforeAll(() => source.initialize());
afterAll(() => source.destroy());

const put = async (lifeSeconds = 60, further: object = {}) => {
  const id = randomUUID();
  await records.put({ kind: 'DeviceCode', id, organization: ORGANIZATION, payload: { ...further, at: 1 }, lifeSeconds });
  return id;
};

it('a stolen database opens no session and redeems no code', async () => {
  const [browser, quiet, asked] = [new Browser(), await quietClient(), await portalClient()];
  const toLogin = await browser.authorize(asking(quiet));
  const open = await browser.authorize(asking(quiet));
  const { code = '' } = sentBack(await browser.get((await browser.logIn(toLogin, server.admin)).location));
  const consent = sentBack(await browser.authorize(asking(asked)))['sessionDataKeyConsent'] ?? '';

  const rows = await source.query('SELECT r::text AS text FROM oauth_engine_records r');

  const stored = rows.map(({ text }: { text: string }) => text).join('\n');
  const held = [code, consent, keyOf(open), ...browser.cookies.values()];
  expect(held.length).toBeGreaterThan(5);
  for (const secret of held) {
    expect(secret).not.toBe('');
    expect(stored).not.toContain(secret);
  }
});

describe('a record', () => {
  it('is found by its id, its uid and its user code, with its id', async () => {
    const [uid, userCode] = [randomUUID(), randomUUID()];
    const id = await put(60, { uid, userCode });

    const found = { id, organization: ORGANIZATION, payload: { uid, userCode, at: 1 }, consumedAt: undefined };
    expect(await records.find('DeviceCode', id)).toEqual(found);
    expect(await records.findByUid(ORGANIZATION, 'DeviceCode', uid)).toEqual(found);
    expect(await records.findByUserCode(ORGANIZATION, 'DeviceCode', userCode)).toEqual(found);
  });

  it('is another tenant’s nothing', async () => {
    const [uid, userCode, grantId] = [randomUUID(), randomUUID(), randomUUID()];
    const id = await put(60, { uid, userCode, grantId });
    const other = 'other.example.com';

    expect(await records.findByUid(other, 'DeviceCode', uid)).toBeUndefined();
    expect(await records.findByUserCode(other, 'DeviceCode', userCode)).toBeUndefined();
    expect(await records.consume(other, 'DeviceCode', id)).toBe(false);
    expect(await records.remove(other, 'DeviceCode', id)).toBe(false);
    await records.removeByGrant(other, 'DeviceCode', grantId);
    expect(await records.find('DeviceCode', id)).toMatchObject({ payload: { at: 1 } });
  });

  it('is consumed once, and stays so when it is written again', async () => {
    const id = await put();

    const answers = await Promise.all([1, 2, 3].map(() => records.consume(ORGANIZATION, 'DeviceCode', id)));
    await records.put({ kind: 'DeviceCode', id, organization: ORGANIZATION, payload: { at: 2 }, lifeSeconds: 60 });

    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await records.find('DeviceCode', id)).toMatchObject({ payload: { at: 2 }, consumedAt: expect.any(Number) });
    expect(await records.consume(ORGANIZATION, 'DeviceCode', id)).toBe(false);
  });

  it('is taken once', async () => {
    const id = await put();

    const answers = await Promise.all([1, 2, 3].map(() => records.remove(ORGANIZATION, 'DeviceCode', id)));

    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('is gone when its time is over, and removed later, however many there are', async () => {
    const [dead, live] = [await put(-1), await put()];
    await source.query(
      `INSERT INTO oauth_engine_records (kind, id_hash, organization, sealed_id, payload, expires_at)
       SELECT 'Session', 'purge-' || n, $1, '', '{}', now() - interval '1 second' FROM generate_series(1, 1200) n`,
      [ORGANIZATION],
    );

    expect(await records.find('DeviceCode', dead)).toBeUndefined();
    expect(await records.consume(ORGANIZATION, 'DeviceCode', dead)).toBe(false);
    await records.purge();

    expect(await source.query('SELECT count(*)::int AS n FROM oauth_engine_records WHERE expires_at < now()')).toEqual([{ n: 0 }]);
    expect(await records.find('DeviceCode', live)).toBeDefined();
  });
});
