import { momentOf } from './transactions.service.js';

it.each([
  ['1769860800', '2026-01-31T12:00:00.000Z'],
  ['1769860800000', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31 12:00:00.5', '2026-01-31T12:00:00.500Z'],
  ['2026-01-31T13:00:00+01:00', '2026-01-31T12:00:00.000Z'],
])('%s is %s', (text, moment) => expect(momentOf('startTime', text).toISOString()).toBe(moment));

it.each([undefined, '', 'yesterday', '2026-13-01', '12:00', '99999999999999999'])('%s is no time', (text) =>
  expect(() => momentOf('startTime', text)).toThrow('startTime must be a time'));
