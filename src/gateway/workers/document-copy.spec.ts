import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
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

it('is empty without a file', async () => expect(await fresh().copy.read()).toEqual({ feed: '', cursor: 0, rows: [] }));

it('gives the newest of each document, in order, and remembers the feed', async () => {
  const { file, copy } = fresh();
  copy.write({ feed: 'feed-1', cursor: 0, rows: [] });
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
  copy.write({ feed: 'feed-1', cursor: 1, rows: [row(1, 'a', true)] });
  copy.append([row(2, 'a', null)]);

  expect(await copy.read()).toEqual({ feed: 'feed-1', cursor: 2, rows: [] });
});

it('leaves out a line that was torn by a crash', async () => {
  const { file, copy } = fresh();
  copy.write({ feed: 'feed-1', cursor: 1, rows: [row(1, 'a', true)] });
  appendFileSync(file, '{"seq":2,"organ');

  expect((await copy.read()).rows.map(({ seq }) => seq)).toEqual([1]);
});

it('loses nothing that was written after such a line', async () => {
  const { file, copy } = fresh();
  copy.write({ feed: 'feed-1', cursor: 1, rows: [row(1, 'a', true)] });
  appendFileSync(file, '{"seq":2,"organ');

  new DocumentCopy(file).append([row(2, 'b', true), row(3, 'c', true)]);

  expect((await new DocumentCopy(file).read()).rows.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

it('keeps the document before one that was refused, and has seen both', async () => {
  const { file, copy } = fresh();
  copy.write({ feed: 'feed-1', cursor: 1, rows: [row(1, 'a', true)] });
  copy.append([row(2, 'a', false), row(3, 'b', true)]);
  copy.refuse(2);

  const read = await new DocumentCopy(file).read();

  expect(read.cursor).toBe(3);
  expect(read.rows.map(({ seq, key }) => [seq, key])).toEqual([
    [1, 'a'],
    [3, 'b'],
  ]);
});

it('lets a later document take the place of the one before a refused one', async () => {
  const { copy } = fresh();
  copy.write({ feed: 'feed-1', cursor: 1, rows: [row(1, 'a', true)] });
  copy.append([row(2, 'a', false)]);
  copy.refuse(2);
  copy.append([row(3, 'a', false)]);

  expect((await copy.read()).rows.map(({ seq }) => seq)).toEqual([3]);
});

it('forgets history when there is much of it, and nothing else', async () => {
  const { file, copy } = fresh();
  copy.write({ feed: 'feed-1', cursor: 1, rows: [row(1, 'a', true)] });
  copy.append(Array.from({ length: 10_010 }, (_, index) => row(index + 2, 'b', index % 2 === 0)));
  copy.append([row(20_000, 'a', false)]);
  copy.refuse(20_000);
  await copy.read();

  await copy.compact();

  expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(10);
  expect(await new DocumentCopy(file).read()).toMatchObject({ feed: 'feed-1', cursor: 20_000, rows: [{ seq: 1 }, { seq: 10_011 }] });
});

it('goes by the documents where the first line says nothing of how far it was read', async () => {
  const { file, copy } = fresh();
  writeFileSync(file, '{"feed":"feed-1"}\n');
  copy.append([row(7, 'a', true)]);

  expect(await copy.read()).toMatchObject({ feed: 'feed-1', cursor: 7, rows: [{ seq: 7 }] });
});
