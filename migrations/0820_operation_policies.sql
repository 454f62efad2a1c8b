-- Policies with their files. Rows are never changed: another content is another row.
CREATE TABLE operation_policies (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  -- Null for a common policy. The API may be written later in the same transaction.
  api_id uuid REFERENCES apis (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  -- Of the copy of a common policy that an API has attached; the common one may be gone.
  cloned_from uuid,
  -- Off the API's list, kept because a revision uses it.
  removed boolean NOT NULL DEFAULT false,
  name text NOT NULL,
  version text NOT NULL,
  md5 text NOT NULL,
  specification jsonb NOT NULL,
  synapse text,
  choreo text
);
CREATE UNIQUE INDEX operation_policies_common ON operation_policies (organization, name, version) WHERE api_id IS NULL;
CREATE UNIQUE INDEX operation_policies_of_api ON operation_policies (api_id, name, version)
  WHERE api_id IS NOT NULL AND cloned_from IS NULL AND NOT removed;
CREATE INDEX operation_policies_api ON operation_policies (api_id);

-- Which set of shipped policies a tenant got last: a policy that somebody deleted stays away until the set changes.
CREATE TABLE operation_policy_seeds (
  organization text PRIMARY KEY,
  digest text NOT NULL
);

-- Policies that run for every API of a tenant, and the gateways that run them: one such set on each.
CREATE TABLE gateway_policies (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  display_name text NOT NULL,
  description text NOT NULL,
  flows jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX gateway_policies_organization ON gateway_policies (organization, display_name);

CREATE TABLE gateway_policy_uses (
  mapping_id uuid NOT NULL REFERENCES gateway_policies (id) ON DELETE CASCADE,
  policy_id uuid NOT NULL REFERENCES operation_policies (id),
  PRIMARY KEY (mapping_id, policy_id)
);
CREATE INDEX gateway_policy_uses_policy ON gateway_policy_uses (policy_id);

CREATE TABLE gateway_policy_deployments (
  organization text NOT NULL,
  label text NOT NULL,
  mapping_id uuid NOT NULL REFERENCES gateway_policies (id),
  deployed_at timestamptz NOT NULL,
  PRIMARY KEY (organization, label)
);
CREATE INDEX gateway_policy_deployments_mapping ON gateway_policy_deployments (mapping_id);

-- What translates between JSON and SOAP for one resource of a SOAPTOREST API.
CREATE TABLE api_resource_policies (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  sequence_type text NOT NULL,
  http_verb text NOT NULL,
  resource_path text NOT NULL,
  content text NOT NULL,
  CONSTRAINT api_resource_policies_resource UNIQUE (api_id, sequence_type, http_verb, resource_path)
);
