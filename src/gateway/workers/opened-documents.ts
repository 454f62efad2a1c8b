import type { BackendDocument, EndpointDocument, FeedRow } from '../../domain/gateway-documents.js';
import { arePoliciesOpenable, hasSealedPolicies, withOpenedPolicies } from './opened-policies.js';

export type Decrypt = (sealed: string) => string;

const endpointsOf = ({ production, sandbox }: BackendDocument): readonly (EndpointDocument | null)[] => [production, sandbox];

const isSecured = (row: FeedRow): row is FeedRow & { kind: 'api'; body: object } =>
  row.kind === 'api' &&
  row.body !== null &&
  [row.body.endpoints, ...(row.body.backends ?? [])].flatMap(endpointsOf).some((endpoint) => endpoint?.security !== undefined);

/**
 * The rows as workers get them: with the backends' credentials and the secrets of policies in clear. Where those cannot be opened the row says so, and is
 * refused by the workers rather than served without.
 */
export const openedDocuments = (rows: readonly FeedRow[], decrypt: Decrypt): readonly FeedRow[] =>
  rows.some((row) => isSecured(row) || hasSealedPolicies(row))
    ? rows.map((row) => withOpenedPolicies(isSecured(row) ? openedRow(row, decrypt) : row, decrypt))
    : rows;

/** Whether all credentials in the rows can be opened. */
export const areOpenable = (rows: readonly FeedRow[], decrypt: Decrypt): boolean =>
  rows.every((row) => arePoliciesOpenable(row, decrypt)) &&
  rows
    .filter(isSecured)
    .every(({ body }) =>
      [body.endpoints, ...(body.backends ?? [])]
        .flatMap(endpointsOf)
        .every((endpoint) => endpoint === null || opened(endpoint, decrypt).security?.secrets !== null),
    );

const openedRow = (row: FeedRow & { kind: 'api'; body: object }, decrypt: Decrypt): FeedRow => {
  const { endpoints, backends } = row.body;
  const body = {
    ...row.body,
    endpoints: openedBackend(endpoints, decrypt),
    ...(backends && { backends: backends.map((backend) => openedBackend(backend, decrypt)) }),
  };
  return { ...row, body };
};

const openedBackend = ({ production, sandbox }: BackendDocument, decrypt: Decrypt): BackendDocument => ({
  production: production && opened(production, decrypt),
  sandbox: sandbox && opened(sandbox, decrypt),
});

const opened = (endpoint: EndpointDocument, decrypt: Decrypt): EndpointDocument => {
  const { security } = endpoint;
  if (security === undefined) return endpoint;
  return { ...endpoint, security: { ...security, secrets: openedSecrets(security.secrets ?? {}, decrypt) } };
};

const openedSecrets = (sealed: Readonly<Record<string, string>>, decrypt: Decrypt): Record<string, string> | null => {
  try {
    return Object.fromEntries(Object.entries(sealed).map(([name, text]) => [name, text === '' ? '' : decrypt(text)]));
  } catch {
    return null; // made with a key that is not at hand
  }
};
