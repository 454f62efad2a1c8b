import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../platform/logging/log.js';
import { KnownGateways } from './known-gateways.js';

let file: string;
let lines: string[];
const known = (): KnownGateways => {
  // It writes no other lines.
  const log = { warn: (_fields: object, line: string) => lines.push(line) } as unknown as Log;
  return new KnownGateways(file, log);
};
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'gatehouse-known-')), 'gateways.json');
  lines = [];
});

it('knows after a restart what was noted before, of each store', () => {
  const before = known();
  expect(before.of('quotas')).toBe(0);
  before.note('quotas', 3);
  before.note('bursts', 2);
  before.note('quotas', 4);

  const after = known();

  expect([after.of('quotas'), after.of('bursts')]).toEqual([4, 2]);
  expect(existsSync(`${file}.next`)).toBe(false);
});

it.each([
  '',
  '{',
  'null',
  '[]',
  '"3"',
  '{"quotas":"3"}',
  '{"quotas":0}',
  '{"quotas":-2}',
  '{"quotas":1.5}',
])('knows nothing from %j', (text) => {
  writeFileSync(file, text);

  expect(known().of('quotas')).toBe(0);
});

it('goes on where it cannot write, and says so', () => {
  file = join(file, 'no folder');
  const each = known();

  each.note('quotas', 3);

  expect(each.of('quotas')).toBe(3);
  expect(lines).toEqual(['the number of gateways could not be saved']);
});
