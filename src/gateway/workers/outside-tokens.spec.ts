import type { ConnectedKeyManager, TokenFacts } from '../../keys/connectors/connector.js';
import { NO_SETTINGS } from '../../keys/managers/key-manager.js';
import type { Secrets } from '../../platform/crypto/secrets.js';
import type { Sql } from '../../platform/database/sql.js';
import { OutsideTokens } from './outside-tokens.js';

const FACTS: TokenFacts = {
  active: true,
  clientId: 'c1',
  scopes: ['a'],
  subject: 'ann',
  expiresAt: 1_900_000_000,
  claims: { jti: 'j1', iat: 7, aud: ['x', 'y'], aut: 'APPLICATION_USER', entity_id: 'e1' },
};
const UNKNOWN: TokenFacts = { ...FACTS, active: false };

interface Manager {
  readonly name: string;
  readonly patterns?: readonly string[];
  readonly endpoint?: string;
  readonly tokenType?: 'DIRECT' | 'EXCHANGED';
}

const rowOf = ({ name, patterns = [], endpoint = 'https://km/introspect', tokenType = 'DIRECT' }: Manager) => ({
  ...{ id: name, organization: 'acme.com', name, type: 'oidc', issuer: `https://${name}`, secrets: { client_secret: 'sealed' } },
  settings: {
    ...NO_SETTINGS,
    introspectionEndpoint: endpoint,
    tokenType,
    tokenValidation: patterns.map((value, id) => ({ id, enable: true, type: 'REFERENCE', value })),
  },
});

/** The tokens of these key managers, what each says, and whom was asked. */
const outside = (managers: readonly Manager[], answers: Readonly<Record<string, TokenFacts | Error>>) => {
  const asked: ConnectedKeyManager[] = [];
  // Only what is asked of them.
  const sql = { query: async () => managers.map(rowOf) } as unknown as Sql;
  const secrets = { decrypt: (text: string) => `opened ${text}` } as unknown as Secrets;
  const tokens = new OutsideTokens(sql, secrets, undefined, async (keyManager) => {
    asked.push(keyManager);
    const answer = answers[keyManager.name] ?? UNKNOWN;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { tokens, asked };
};

const namesOf = (asked: readonly ConnectedKeyManager[]) => asked.map(({ name }) => name);

it('asks the key manager that is named, with its secrets opened', async () => {
  const { tokens, asked } = outside([{ name: 'one' }, { name: 'two' }], { two: FACTS });

  const verdict = await tokens.verdict('acme.com', 'two', 't');

  expect(verdict).toEqual({
    ...{ outcome: 'active', keyManager: 'two', owner: 'acme.com', consumerKey: 'c1', subject: 'ann', entityId: 'e1', jti: 'j1' },
    ...{ issuedAt: 7, expiresAt: 1_900_000_000, scopes: ['a'], audiences: ['x', 'y'], isUser: true, userNames: [] },
  });
  expect(namesOf(asked)).toEqual(['two']);
  expect(asked[0]?.properties).toEqual({ client_secret: 'opened sealed' });
});

it('tells what else the user is called, but for what is no name', async () => {
  const claims = { username: 'ann', preferred_username: '', 'http://wso2.org/claims/username': 'ann@acme.com', name: 'Ann' };
  const { tokens } = outside([{ name: 'one' }], { one: { ...FACTS, subject: '5f0c', claims } });

  expect(await tokens.verdict('acme.com', 'one', 't')).toMatchObject({ subject: '5f0c', userNames: ['ann', 'ann@acme.com'] });
});

it('asks those whose pattern is the whole of an opaque token', async () => {
  const { tokens, asked } = outside([{ name: 'one', patterns: ['a+'] }, { name: 'two', patterns: ['b+', 'c+'] }, { name: 'rest' }], {});

  expect(await tokens.verdict('acme.com', null, 'ccc')).toEqual({ outcome: 'inactive' });
  expect(namesOf(asked)).toEqual(['two']);
});

it.each([
  ['the only one without patterns', [{ name: 'one', patterns: ['a+'] }, { name: 'rest' }], ['rest']],
  ['nobody when several have none', [{ name: 'one' }, { name: 'two' }], []],
  ['nobody whose pattern does not compile', [{ name: 'one', patterns: ['('] }], []],
  [
    'nobody without an endpoint, or whose tokens must be exchanged',
    [
      { name: 'one', endpoint: '' },
      { name: 'two', tokenType: 'EXCHANGED' },
    ],
    [],
  ],
] as const)('asks %s about a token that no pattern fits', async (_, managers, names) => {
  const { tokens, asked } = outside(managers, {});

  expect(await tokens.verdict('acme.com', null, 'zzz')).toEqual({ outcome: 'inactive' });
  expect(namesOf(asked)).toEqual(names);
});

it('believes one that knows the token, though another cannot be asked', async () => {
  const managers = [
    { name: 'one', patterns: ['.*'] },
    { name: 'two', patterns: ['.*'] },
  ];

  expect(await outside(managers, { one: new Error('away'), two: FACTS }).tokens.verdict('acme.com', null, 't')).toMatchObject({
    outcome: 'active',
    keyManager: 'two',
  });
  await expect(outside(managers, { one: new Error('away') }).tokens.verdict('acme.com', null, 't')).rejects.toThrow('away');
});

it('passes over a pattern that would take long, and tries the others', async () => {
  const { tokens, asked } = outside(
    [
      { name: 'slow', patterns: ['((.?){999})z'] },
      { name: 'plain', patterns: ['[a-z]+'] },
    ],
    { plain: FACTS },
  );
  const startedAt = performance.now();

  for (let times = 0; times < 5; times += 1) await tokens.verdict('acme.com', null, `${'a'.repeat(8_000)}z`);

  expect(performance.now() - startedAt).toBeLessThan(500);
  expect(new Set(namesOf(asked))).toEqual(new Set(['plain']));
});
