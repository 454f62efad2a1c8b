import { apiRow } from '../engine/engine.fixture.js';
import { areOpenable, openedDocuments } from './opened-documents.js';

const decrypt = (sealed: string): string => {
  if (!sealed.startsWith('sealed ')) throw new Error('not ours');
  return sealed.slice('sealed '.length);
};
const endpoint = (password: string) => ({
  url: 'http://a',
  onTimeout: 'fault' as const,
  timeoutMs: null,
  security: { type: 'basic' as const, username: 'ann', secrets: { password } },
});

it('opens the secrets of every backend and leaves the rows as they were', () => {
  const row = apiRow('http://a', {
    endpoints: { production: endpoint('sealed one'), sandbox: endpoint('') },
    backends: [{ production: null, sandbox: endpoint('sealed two') }],
  });
  const before = JSON.stringify(row);

  expect(openedDocuments([row], decrypt)).toEqual([
    {
      ...row,
      body: {
        ...row.body,
        endpoints: { production: endpoint('one'), sandbox: endpoint('') },
        backends: [{ production: null, sandbox: endpoint('two') }],
      },
    },
  ]);
  expect(areOpenable([row], decrypt)).toBe(true);
  expect(JSON.stringify(row)).toBe(before);
});

it('marks what cannot be opened', () => {
  const row = apiRow('http://a', { endpoints: { production: endpoint('lost'), sandbox: null } });

  expect(areOpenable([row], decrypt)).toBe(false);
  expect(openedDocuments([row], decrypt)).toMatchObject([{ body: { endpoints: { production: { security: { secrets: null } } } } }]);
});

it('passes rows without secrets on as they are', () => {
  const rows = [apiRow('http://a')];
  expect(openedDocuments(rows, decrypt)).toBe(rows);
});
