import { AUDIT_KINDS } from '../../src/audit/audit-kinds.js';
import { withDatabase } from '../support/database.js';

/** Tables whose rows are nobody's decision, or are told of by another table; why is in docs/decisions/0026-audit-rows.md. */
const NOT_AUDITED = [
  ...['audit_entries', 'migrations'],
  // What gateways read and say.
  ...[
    'gateway_document',
    'gateway_document_version',
    'gateway_acknowledgements',
    'gateways',
    'feed_identity',
    'feed_purge',
    'usage_minutes',
    'usage_batches',
    'webhook_subscriptions',
    'transaction_records',
    'usage_publishing',
    'published_usage',
  ],
  // Tokens, sessions and what ends them.
  ...['oauth_tokens', 'oauth_engine_records', 'oauth_device_codes', 'token_revocations', 'used_assertions', 'federated_accounts'],
  // Made from other rows, with them.
  ...[
    'search_texts',
    'search_words',
    'search_tags',
    'api_audiences',
    'api_revision_parts',
    'api_revision_counters',
    'api_lifecycle_events',
    'api_shared_scopes',
  ],
  ...['gateway_policy_uses', 'api_security_audits', 'subscription_periods'],
  // Marks and queues of the server's own.
  ...['throttling_seeded', 'operation_policy_seeds', 'subscribers', 'key_manager_clients', 'client_removals', 'workflow_calls'],
];

it('audits every table, or says why not', async () => {
  const { rows } = await withDatabase((database) =>
    database.query<{ name: string; arguments: string | null }>(
      `SELECT c.relname AS name, encode(t.tgargs, 'escape') AS arguments FROM pg_class c
       LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = 'audit' AND t.tgenabled = 'O'
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition`,
    ),
  );

  const silent = rows.filter((row) => row.arguments === null).map(({ name }) => name);
  const kinds = rows.flatMap((row) => row.arguments?.split('\\000')[0] ?? []);
  // A new table: call audit_table() in its migration, or add it above and to the decision.
  expect(silent.sort()).toEqual([...NOT_AUDITED].sort());
  expect(kinds.sort()).toEqual([...AUDIT_KINDS].sort());
});

it('masks secrets by columns, names, pairs and looks, and tells what is large by its digest', async () => {
  const { rows } = await withDatabase((database) =>
    database.query<{ masked: unknown }>(`SELECT audit_side($1::jsonb, NULL, '{s}', '{d}', '{b}') AS masked`, [
      JSON.stringify({
        ...{ s: 'x', d: 'text', b: '\\x00ff', empty: '', on: true, n: 1, passwordChanged: false },
        list: [{ name: 'Authorization', value: 'abc' }, { key: 'colour', value: 'red' }, 'Basic YWRtaW46YWRtaW4='],
        document: {
          ...{ apiToken: 'x', tokenType: 'JWT', authorizationHeader: 'X-Auth', accessToken: 7, Secrets: { a: 'b' } },
          deep: [{ a: { 'Client-Secret': 'x', url: 'https://u:p@host/?code=abc&x=1', note: `k v2:12345678:${'a'.repeat(40)} z` } }],
          operations: [{ verb: 'GET', policies: [{ policyName: 'addHeader', parameters: { headerName: 'X', headerValue: 'abc' } }] }],
          BillingEnginePlatformKey: 'sk_1',
          large: 'y'.repeat(20_000),
          secretLarge: 'y'.repeat(20_000),
        },
      }),
    ]),
  );

  expect(rows[0]?.masked).toEqual({
    ...{ s: '[masked]', empty: '', on: true, n: 1, passwordChanged: false },
    d: { sha256: '982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1', bytes: 4 },
    b: { sha256: '06eb7d6a69ee19e5fbdf749018d3d2abfa04bcbd1365db312eb86dc7169389b8', bytes: 2 },
    list: [{ name: 'Authorization', value: '[masked]' }, { key: 'colour', value: 'red' }, 'Basic [masked]'],
    document: {
      ...{ apiToken: '[masked]', tokenType: 'JWT', authorizationHeader: 'X-Auth', accessToken: '[masked]', Secrets: '[masked]' },
      deep: [{ a: { 'Client-Secret': '[masked]', url: 'https://[masked]@host/?code=[masked]&x=1', note: 'k [masked] z' } }],
      operations: [{ verb: 'GET', policies: [{ policyName: 'addHeader', parameters: '[masked]' }] }],
      BillingEnginePlatformKey: '[masked]',
      large: { sha256: expect.any(String), bytes: 20_002 },
      secretLarge: '[masked]',
    },
  });
});
