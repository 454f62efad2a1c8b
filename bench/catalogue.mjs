import { join } from 'node:path';
import pg from 'pg';
import { call, deploy } from './server.mjs';

const OPERATIONS = 20;
const SUBJECTS = ['orders', 'invoices', 'customers', 'shipments', 'payments', 'products', 'returns', 'suppliers', 'stocks', 'tickets'];

/** An OpenAPI document of 20 operations with schemas, some 15 kB, about the subject. */
export const definitionOf = (title, subject) => ({
  openapi: '3.0.3',
  info: {
    title,
    version: '1.0.0',
    description: `Everything about ${subject}: read, create, change and remove them. ${title} is a benchmark.`,
  },
  paths: Object.fromEntries(
    Array.from({ length: OPERATIONS / 2 }, (_, index) => {
      const path = `/${subject}/${subject}-part-${index}/{${subject}Id}`;
      const parameters = [{ name: `${subject}Id`, in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }];
      const responses = {
        200: {
          description: `One of the ${subject}.`,
          content: { 'application/json': { schema: { $ref: `#/components/schemas/${subject}${index}` } } },
        },
        404: { description: `There are no ${subject} of this identifier.` },
      };
      const about = {
        summary: `Part ${index} of ${subject}`,
        description: `Looks up part ${index} of ${subject} in the ledger.`,
        responses,
        'x-auth-type': 'None',
      };
      return [path, { parameters, get: about, put: { ...about, summary: `Change part ${index}` } }];
    }),
  ),
  components: {
    schemas: Object.fromEntries(
      Array.from({ length: OPERATIONS / 2 }, (_, index) => [
        `${subject}${index}`,
        {
          type: 'object',
          required: ['identifier', 'amount'],
          properties: {
            identifier: { type: 'string', description: `Identifies one of the ${subject} for ever.` },
            amount: { type: 'number', description: 'In the smallest unit of the currency.' },
            currency: { type: 'string', description: 'Three letters of ISO 4217.', example: 'CHF' },
            [`${subject}Note${index}`]: { type: 'string', maxLength: 1024, description: 'Free text for the people who handle it.' },
          },
        },
      ]),
    ),
  },
});

/** The API object that goes with it. */
export const apiOf = (name, subject, index, url) => ({
  name,
  context: `/${name.toLowerCase()}`,
  version: '1.0.0',
  description: `The ${subject} of branch ${index}, for everybody who works with them.`,
  tags: [subject, `branch${index % 100}`],
  policies: ['Unlimited'],
  additionalProperties: [
    { name: 'Branch', value: `B-${index}`, display: true },
    { name: 'CostCentre', value: `C-${index % 50}`, display: false },
  ],
  endpointConfig: { endpoint_type: 'http', production_endpoints: { url } },
});

export const subjectOf = (index) => SUBJECTS[index % SUBJECTS.length];

/** Imports the definition as a new API of this index; gives its id. */
export const importApi = async (server, token, index, url) => {
  const name = `Catalogue${index}`;
  const subject = subjectOf(index);
  const boundary = `bench-${index}`;
  const part = (field, extra, body) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"${extra}\r\n\r\n${body}\r\n`;
  const body = `${part('file', '; filename="openapi.json"\r\nContent-Type: application/json', JSON.stringify(definitionOf(name, subject)))}${part(
    'additionalProperties',
    '',
    JSON.stringify(apiOf(name, subject, index, url)),
  )}--${boundary}--\r\n`;
  const { id } = await call(server, 'POST', '/api/am/publisher/v4/apis/import-openapi', {
    token,
    body,
    type: `multipart/form-data; boundary=${boundary}`,
  });
  return id;
};

/**
 * Brings the tenant from one number of APIs to another: ten, one for each subject, are imported, published and deployed through the API. The rest are
 * copies of their rows, made in SQL: API, definition, revision, deployment and gateway document, each with ids, a name, a context, tags, properties and words of
 * its own. What the database derives of a row it derives of the copies too, and gateways serve them as any other.
 */
export const fill = async (server, token, from, to, url) => {
  for (let index = from; index < Math.min(to, SUBJECTS.length); index += 1) {
    const id = await importApi(server, token, index, url);
    await deploy(server, token, id);
    await call(server, 'POST', `/api/am/publisher/v4/apis/change-lifecycle?apiId=${id}&action=Publish`, { token });
  }
  const client = new pg.Client({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await client.connect();
  try {
    for (let index = Math.max(from, SUBJECTS.length); index < to; index += COPIES_A_STATEMENT) {
      await client.query(COPY, [index, Math.min(to, index + COPIES_A_STATEMENT) - 1, SUBJECTS.length]);
    }
    await client.query('VACUUM ANALYZE');
    await client.query("SELECT pg_notify('gatehouse_feed', '0')");
  } finally {
    await client.end();
  }
};

const COPIES_A_STATEMENT = 500;

const COPY = `
  WITH pairs AS MATERIALIZED (
    SELECT index, gen_random_uuid() AS new_id, gen_random_uuid() AS new_revision, 'Catalogue' || index AS new_name, apis.id AS old_id, apis.name AS old_name,
      (SELECT id FROM api_revisions WHERE api_id = apis.id) AS old_revision
    FROM generate_series($1::int, $2::int) AS index JOIN apis ON organization = 'carbon.super' AND name = 'Catalogue' || (index % $3::int)
  ), copies AS (
    INSERT INTO apis (id, organization, provider, name, version, context, context_template, path, type, status, is_default_version, visibility, visible_roles,
      access_control_roles, tags, policies, categories, details, created_at, updated_at, updated_by)
    SELECT new_id, organization, provider, new_name, version, replace(context, lower(old_name), lower(new_name)),
      replace(context_template, lower(old_name), lower(new_name)), replace(path, lower(old_name), lower(new_name)), type, status, is_default_version,
      visibility, visible_roles, access_control_roles, ARRAY[tags[1], 'branch' || index % 100], policies, categories,
      details || jsonb_build_object('displayName', new_name, 'additionalProperties', jsonb_build_array(
        jsonb_build_object('name', 'Branch', 'value', 'B-' || index, 'display', true),
        jsonb_build_object('name', 'CostCentre', 'value', 'C-' || index % 50, 'display', false))),
      now(), now(), updated_by
    FROM pairs JOIN apis ON apis.id = old_id
  ), definitions AS (
    INSERT INTO api_definitions (api_id, organization, kind, text)
    SELECT new_id, organization, kind, replace(replace(text, old_name, new_name), 'ledger', 'ledger' || index)
    FROM pairs JOIN api_definitions ON api_id = old_id
  ), revisions AS (
    INSERT INTO api_revisions (id, organization, api_id, number, description, created_at, created_by, snapshot, definition_kind, definition)
    SELECT new_revision, organization, new_id, number, description, now(), created_by, ${copied('snapshot')}, definition_kind,
      replace(definition, old_name, new_name)
    FROM pairs JOIN api_revisions ON id = old_revision
  ), counters AS (
    INSERT INTO api_revision_counters (api_id, organization, last_number)
    SELECT new_id, organization, last_number FROM pairs JOIN api_revision_counters ON api_id = old_id
  ), deployments AS (
    INSERT INTO api_deployments (api_id, environment, organization, revision_id, vhost, display_on_devportal, deployed_at)
    SELECT new_id, environment, organization, new_revision, vhost, display_on_devportal, now() FROM pairs JOIN api_deployments ON api_id = old_id
  )
  INSERT INTO gateway_document (organization, kind, key, seq, body)
  SELECT organization, kind, replace(key, old_id::text, new_id::text), nextval('gateway_document_seq'), ${copied('body')}
  FROM pairs JOIN gateway_document ON organization = 'carbon.super' AND kind = 'api' AND key LIKE old_id || ':%'`;

function copied(column) {
  const ids = `replace(replace(${column}::text, old_id::text, new_id::text), old_revision::text, new_revision::text)`;
  return `replace(replace(${ids}, old_name, new_name), lower(old_name), lower(new_name))::jsonb`;
}
