import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedRow } from '../../domain/gateway-documents.js';
import { DocumentCopy } from './document-copy.js';

const row = (seq: number, key: string, active: boolean | null): FeedRow => ({
  seq,
  organization: 'carbon.super',
  kind: 'organization',
  key,
  body: active === null ? null : { active },
});

const fresh = () => {
  const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-copy-')), 'documents.jsonl');
  return { file, copy: new DocumentCopy(file) };
};

it('is empty without a file', async () => expect(await fresh().copy.read()).toEqual({ feed: '', rows: [] }));

it('gives the newest of each document, in order, and remembers the feed', async () => {
  const { file, copy } = fresh();
  copy.write('feed-1', []);
  copy.append([row(1, 'a', true), row(2, 'b', true)]);
  copy.append([row(3, 'a', false)]);

  const read = await new DocumentCopy(file).read();

  expect(read.feed).toBe('feed-1');
  expect(read.rows.map(({ seq, key }) => [seq, key])).toEqual([
    [2, 'b'],
    [3, 'a'],
  ]);
});

it('keeps the cursor of a deletion that came last', async () => {
  const { copy } = fresh();
  copy.write('feed-1', [row(1, 'a', true)]);
  copy.append([row(2, 'a', null)]);

  expect((await copy.read()).rows.map(({ seq, body }) => [seq, body])).toEqual([[2, null]]);
});

it('leaves out a line that was torn by a crash', async () => {
  const { file, copy } = fresh();
  copy.write('feed-1', [row(1, 'a', true)]);
  appendFileSync(file, '{"seq":2,"organ');

  expect((await copy.read()).rows.map(({ seq }) => seq)).toEqual([1]);
});

it('loses nothing that was written after such a line', async () => {
  const { file, copy } = fresh();
  copy.write('feed-1', [row(1, 'a', true)]);
  appendFileSync(file, '{"seq":2,"organ');

  new DocumentCopy(file).append([row(2, 'b', true), row(3, 'c', true)]);

  expect((await new DocumentCopy(file).read()).rows.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});
