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

describe('policies', () => {
  const policy = (key: string) => ({
    name: 'greeting',
    version: 'v1',
    isBuiltIn: false,
    parameters: { name: 'ann', key },
    secrets: ['key'],
  });
  const flows = (key: string) => ({ request: [policy(key)], response: [], fault: [] });
  const opened = (key: string) => ({
    request: [{ name: 'greeting', version: 'v1', isBuiltIn: false, parameters: { name: 'ann', key }, secrets: ['key'] }],
    response: [],
    fault: [],
  });
  const operation = { method: 'GET', target: '/a', authType: 'None' as const, throttlingPolicy: 'Unlimited', scopes: [] };

  it('have their secrets opened', () => {
    const ofApi = apiRow('http://a', {
      hasPolicySecrets: true,
      policies: flows('sealed one'),
      operations: [operation, { ...operation, policies: flows('sealed two') }],
    });
    const body = { label: 'Default', policies: flows('sealed three'), hasPolicySecrets: true as const };
    const ofGateway = { seq: 1, organization: 'a.com', kind: 'gateway-policies' as const, key: 'Default', body };

    const rows = openedDocuments([ofApi, ofGateway], decrypt);

    expect(rows).toMatchObject([{ body: { policies: opened('one') } }, { body: { policies: opened('three') } }]);
    expect(rows).toMatchObject([{ body: { operations: [operation, { policies: opened('two') }] } }, {}]);
    expect(JSON.stringify(rows)).not.toContain('sealed');
    expect(areOpenable([ofApi, ofGateway], decrypt)).toBe(true);
  });

  it('whose secrets cannot be opened say so', () => {
    const row = apiRow('http://a', { hasPolicySecrets: true, policies: flows('lost') });

    expect(areOpenable([row], decrypt)).toBe(false);
    expect(openedDocuments([row], decrypt)).toMatchObject([{ body: { policies: { request: [{ secrets: null }] } } }]);
  });
});
