import { auditFilterOf } from './audit-filter.js';

it.each([
  [{}, {}],
  [{ from: '', kind: '', user: '' }, {}],
  [{ from: '2026-11-22' }, { from: '2026-11-22T00:00:00Z' }],
  [{ to: '2026-11-22T08:30:00.123456Z' }, { to: '2026-11-22T08:30:00.123456Z' }],
  [{ from: '2026-11-22T08:30', to: '2026-11-22T08:30:00+02:00' }, null],
  [
    { from: '2026-11-22T08:30', to: '2026-11-22T11:30:00+02:00' },
    { from: '2026-11-22T08:30Z', to: '2026-11-22T11:30:00+02:00' },
  ],
  [
    { user: ['anna', 'bert'], kind: 'api', entityId: 'x', action: 'CREATED', other: '1' },
    { user: 'anna', kind: 'API', entityId: 'x', action: 'created' },
  ],
  [{ from: 'yesterday' }, null],
  [{ from: '2026-02-30' }, null],
  [{ from: '0000-01-01' }, null],
  [{ from: '2026-11-22T24:61:00Z' }, null],
  [{ from: '2026-W05' }, null],
  [{ to: '2026-11-22T08:30:00 02:00' }, null],
  [{ to: '2026-11-22T08:30:00+19:00' }, null],
  [{ kind: 'Token' }, null],
  [{ action: 'read' }, null],
  [{ user: 'a\0b' }, null],
])('%j asks for %j', (query, expected) => {
  if (expected === null) expect(() => auditFilterOf(query)).toThrow(expect.objectContaining({ status: 400 }));
  else expect(auditFilterOf(query)).toEqual(expected);
});
