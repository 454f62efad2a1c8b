import { createHash } from 'node:crypto';
import forge from 'node-forge';
import { md5Checksum } from './checksum.js';

it.each(['', 'abc', 'ünïcode ✓'])('is the same with and without OpenSSL for %p', (text) => {
  expect(md5Checksum(text)).toBe(createHash('md5').update(text).digest('hex'));
  expect(forge.md.md5.create().update(text, 'utf8').digest().toHex()).toBe(md5Checksum(text));
});
