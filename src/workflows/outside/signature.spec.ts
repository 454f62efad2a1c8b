import { isSigned, signatureOf } from './signature.js';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const SIGNED = signatureOf('text', 'a secret of some length', NOW);

it('is made of the time and the text', () => expect(SIGNED).toMatch(/^t=1795334400,v1=[0-9a-f]{64}$/));

it.each([
  ['the same', SIGNED, 'text', 'a secret of some length', 0, true],
  ['a while later', SIGNED, 'text', 'a secret of some length', 299_000, true],
  ['too late', SIGNED, 'text', 'a secret of some length', 301_000, false],
  ['too early', SIGNED, 'text', 'a secret of some length', -301_000, false],
  ['another text', SIGNED, 'texts', 'a secret of some length', 0, false],
  ['another secret', SIGNED, 'text', 'another secret', 0, false],
  ['another time', SIGNED.replace('t=1795334400', 't=1795334401'), 'text', 'a secret of some length', 0, false],
  ['half of it', SIGNED.slice(0, -2), 'text', 'a secret of some length', 0, false],
  ['nothing', '', 'text', 'a secret of some length', 0, false],
])('of %s is taken as it should be', (_, header, text, secret, laterMs, expected) =>
  expect(isSigned(header, text, secret, NOW + laterMs)).toBe(expected));
