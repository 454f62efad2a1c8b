/** Where secrets are encrypted at rest: a column of text that is one, or a document that holds some, at whatever depth. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  readonly type: 'text' | 'jsonb';
}

/** Every such column. One that is missing here is found by `gatehouse secrets rotate --finish`, which then keeps the old keys, and by a test. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'signing_keys', column: 'private_key', type: 'text' },
  { table: 'oauth_client_secrets', column: 'secret', type: 'text' },
  { table: 'application_keys', column: 'client_secret', type: 'text' },
  { table: 'oauth_engine_records', column: 'sealed_id', type: 'text' },
  { table: 'key_managers', column: 'secrets', type: 'jsonb' },
  { table: 'key_manager_clients', column: 'registration', type: 'text' },
  { table: 'tenant_configs', column: 'document', type: 'jsonb' },
  { table: 'apis', column: 'details', type: 'jsonb' },
  { table: 'api_revisions', column: 'snapshot', type: 'jsonb' },
  { table: 'api_revision_parts', column: 'rows', type: 'jsonb' },
  { table: 'api_deployments', column: 'backends', type: 'jsonb' },
  { table: 'gateway_document', column: 'body', type: 'jsonb' },
  { table: 'api_endpoints', column: 'config', type: 'jsonb' },
  { table: 'gateway_policies', column: 'flows', type: 'jsonb' },
  { table: 'workflows', column: 'input', type: 'jsonb' },
];
