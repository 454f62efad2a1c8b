-- Who changed what, when, from where: one row for each row that changed, written by triggers in the transaction of the change (docs/decisions/0026-audit-rows.md).
CREATE TABLE audit_entries (
  organization text NOT NULL,
  -- Of the row, not of the transaction: what happens first within a transaction is earlier.
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- `name@tenant`, `anonymous` for a request without a caller, `system` for what the server does by itself.
  actor text NOT NULL,
  -- Of the client; empty for the server.
  address text NOT NULL,
  action text NOT NULL CHECK (action IN ('created', 'updated', 'deleted')),
  kind text NOT NULL,
  entity_id text NOT NULL,
  entity_name text,
  -- What the entity belongs to: the API of a document, the application of a subscription.
  parent_id text,
  -- The changed columns alone; null where there is no such side.
  before jsonb,
  after jsonb,
  -- The same for all that was changed at one stroke.
  transaction_id bigint NOT NULL,
  PRIMARY KEY (organization, at, id)
);
CREATE INDEX audit_entries_entity ON audit_entries (organization, entity_id);
CREATE INDEX audit_entries_parent ON audit_entries (organization, parent_id) WHERE parent_id IS NOT NULL;
-- For the purge: rows lie in the order of their time.
CREATE INDEX audit_entries_at ON audit_entries USING brin (at);

-- Names of fields that hold secrets, however they are spelled; as the log masks them (src/platform/logging/mask.ts), but names of headers, types and addresses stay.
CREATE FUNCTION audit_is_secret(name text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(translate(name, '-_ ', '')) ~ ('pass(word|wd|phrase)|secret|authorization|cookie|credential|assertion|verifier|apikey|privatekey|platformkey|sharedkey|signingkey'
    || '|encryptionkey|^(code|pin|otp|(custom)?parameters)$|^(.*(access|refresh|id|subject|actor|bearer|api|session|internal|auth))?tokens?$')
    AND lower(name) !~ '(header|type|scheme|endpoint)$'
$$;

CREATE FUNCTION audit_masked_text(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(body,
    '\meyJ[\w-]{5,}(\.[\w-]+){1,4}', '[masked]', 'g'),
    '\m(Basic|Bearer)(\s+)[\w.~+/=-]{6,}', '\1\2[masked]', 'gi'),
    '(://)[^\s/@"''\\]+@', '\1[masked]@', 'g'),
    '\m((client_secret|password|access_token|refresh_token|id_token|token|assertion|code|code_verifier|apikey|api_key)=)[^&\s"''\\]+', '\1[masked]', 'gi'),
    '\mv[12]:([0-9a-f]{8}:)?[\w-]{38,}', '[masked]', 'g'),
    '-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)', '[masked]', 'g')
$$;

-- Without secrets at any depth: by the names of fields, by the look of texts, and in pairs such as {"name": "password", "value": …}.
CREATE FUNCTION audit_masked(value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  names_secret boolean;
BEGIN
  CASE jsonb_typeof(value)
    WHEN 'string' THEN RETURN to_jsonb(audit_masked_text(value #>> '{}'));
    WHEN 'array' THEN RETURN (SELECT coalesce(jsonb_agg(audit_masked(item) ORDER BY place), '[]') FROM jsonb_array_elements(value) WITH ORDINALITY AS items (item, place));
    WHEN 'object' THEN
      names_secret := EXISTS (
        SELECT FROM jsonb_each(value) AS field (key, item)
        WHERE key ~* '(name|key)$' AND jsonb_typeof(item) = 'string' AND audit_is_secret(item #>> '{}'));
      RETURN (SELECT coalesce(jsonb_object_agg(key, CASE
          WHEN jsonb_typeof(item) IN ('boolean', 'null') OR item IN ('""', '[]', '{}') THEN item
          WHEN audit_is_secret(key) OR (names_secret AND key ~* 'values?$') THEN '"[masked]"'
          ELSE audit_masked(item) END), '{}')
        FROM jsonb_each(value) AS field (key, item));
    ELSE RETURN value;
  END CASE;
END $$;

-- What is large, or free text in which a secret may stand anywhere.
CREATE FUNCTION audit_digest(content bytea) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('sha256', encode(sha256(content), 'hex'), 'bytes', length(content))
$$;

CREATE FUNCTION audit_shown(name text, value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  body text := value::text;
  is_large boolean := length(body) > 16384;
BEGIN
  -- Most fields hold nothing that could be a secret: one look tells.
  IF NOT is_large AND name || ' ' || body !~* ('pass|secret|authoriz|cookie|credential|assertion|verifier|api[-_ ]?key|private|platform|shared|signing|encryption|code|pin|otp|parameters|token'
    || '|eyj|basic|bearer|@|v[12]:') THEN RETURN value; END IF;
  IF jsonb_typeof(value) IN ('boolean', 'null') OR value IN ('""', '[]', '{}') THEN RETURN value; END IF;
  IF audit_is_secret(name) THEN RETURN '"[masked]"'; END IF;
  RETURN CASE WHEN is_large THEN audit_digest(convert_to(body, 'UTF8')) ELSE audit_masked(value) END;
END $$;

-- The side `one` of a change: what differs from the other side, of documents the fields that do. Columns of `bytes` are bytea.
CREATE FUNCTION audit_side(one jsonb, other jsonb, secrets text[], digests text[], bytes text[]) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT coalesce(jsonb_object_agg(name, CASE
      WHEN value = 'null' THEN value
      WHEN name = ANY (secrets) THEN '"[masked]"'
      WHEN name = ANY (bytes) THEN audit_digest(decode(substr(value #>> '{}', 3), 'hex'))
      WHEN name = ANY (digests) THEN audit_digest(convert_to(value #>> '{}', 'UTF8'))
      WHEN jsonb_typeof(value) <> 'object' THEN audit_shown(name, value)
      WHEN jsonb_typeof(counterpart) = 'object' THEN (
        SELECT coalesce(jsonb_object_agg(field, audit_shown(field, item)), '{}') FROM jsonb_each(value) AS fields (field, item)
        WHERE counterpart -> field IS DISTINCT FROM item)
      ELSE (SELECT coalesce(jsonb_object_agg(field, audit_shown(field, item)), '{}') FROM jsonb_each(value) AS fields (field, item)) END), '{}')
    FROM jsonb_each(one) AS columns (name, value), LATERAL (SELECT other -> name) AS others (counterpart)
    WHERE counterpart IS DISTINCT FROM value);
END $$;

-- Arguments: kind; columns of the id, of the name, of the parent; secret columns; columns by digest, as text and as bytea; columns that do not count.
-- Plans are made once for a connection: to plan for the values of one row costs more than it gains. Bytes are read as hex, whatever the server prefers.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET bytea_output = 'hex' AS $$
DECLARE
  ids text[] := string_to_array(TG_ARGV[1], ',');
  names text[] := string_to_array(TG_ARGV[2], ',');
  secrets text[] := string_to_array(TG_ARGV[4], ',');
  digests text[] := string_to_array(TG_ARGV[5], ',');
  bytes text[] := string_to_array(TG_ARGV[6], ',');
  ignored text[] := string_to_array(TG_ARGV[7], ',') || 'organization'::text;
  earlier jsonb;
  later jsonb;
  facts jsonb;
  before jsonb;
  after jsonb;
BEGIN
  -- Secrets that are encrypted under another key are the same secrets (`gatehouse secrets rotate`).
  IF current_setting('gatehouse.audit', true) = 'off' THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN earlier := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN later := to_jsonb(NEW); END IF;
  facts := coalesce(later, earlier);
  IF earlier IS NOT NULL THEN before := audit_side(earlier - ignored, later, secrets, digests, bytes); END IF;
  IF later IS NOT NULL THEN after := audit_side(later - ignored, earlier, secrets, digests, bytes); END IF;
  IF TG_OP = 'UPDATE' AND before = '{}' AND after = '{}' THEN RETURN NULL; END IF;
  INSERT INTO audit_entries (organization, actor, address, action, kind, entity_id, entity_name, parent_id, before, after, transaction_id)
  VALUES (
    -- Tenants, and what serves all of them, are administered by the super tenant.
    CASE WHEN TG_ARGV[0] = 'Tenant' OR facts ->> 'organization' = 'WSO2/System' THEN 'carbon.super' ELSE facts ->> 'organization' END,
    coalesce(nullif(current_setting('gatehouse.actor', true), ''), 'system'),
    coalesce(current_setting('gatehouse.address', true), ''),
    CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END,
    TG_ARGV[0],
    (SELECT string_agg(facts ->> name, '/' ORDER BY place) FROM unnest(ids) WITH ORDINALITY AS parts (name, place)),
    (SELECT string_agg(facts ->> name, ':' ORDER BY place) FROM unnest(names) WITH ORDINALITY AS parts (name, place)),
    facts ->> nullif(TG_ARGV[3], ''),
    before, after, pg_current_xact_id()::text::bigint);
  RETURN NULL;
END $$;

-- Has the changes of a table audited from now on. Called again, as for a new column that is a secret, it replaces what was said before.
CREATE FUNCTION audit_table(
  target regclass, kind text, ids text, names text DEFAULT '', parent text DEFAULT '',
  secrets text DEFAULT '', digests text DEFAULT '', bytes text DEFAULT '', ignored text DEFAULT ''
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  unknown text;
BEGIN
  SELECT string_agg(name, ', ') INTO unknown
  FROM unnest(string_to_array(concat_ws(',', 'organization', ids, nullif(names, ''), nullif(parent, ''), nullif(secrets, ''), nullif(digests, ''), nullif(bytes, ''), nullif(ignored, '')), ',')) AS listed (name)
  WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = name AND NOT attisdropped);
  IF unknown IS NOT NULL THEN RAISE EXCEPTION 'table % has no column %', target, unknown; END IF;
  EXECUTE format('CREATE OR REPLACE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION audit_change(%L, %L, %L, %L, %L, %L, %L, %L)',
    target, kind, ids, names, parent, secrets, digests, bytes, ignored);
END $$;

SELECT
  audit_table('tenants', 'Tenant', 'id', names => 'organization'),
  audit_table('tenant_configs', 'TenantConfiguration', 'organization', names => 'organization'),
  audit_table('users', 'User', 'id', names => 'name', secrets => 'password_hash', ignored => 'modified_at,failed_logins,lockouts'),
  audit_table('roles', 'Role', 'id', names => 'name', ignored => 'modified_at'),
  audit_table('user_roles', 'UserRole', 'user_id,role_id', parent => 'user_id'),
  audit_table('scope_roles', 'ScopeRoles', 'scope', names => 'scope'),
  audit_table('outside_users', 'OutsideUser', 'provider,subject', names => 'subject', parent => 'user_id'),
  audit_table('consumer_organizations', 'ConsumerOrganization', 'id', names => 'display_name'),

  audit_table('signing_keys', 'SigningKey', 'kid', secrets => 'private_key', digests => 'certificate', ignored => 'covers_until'),
  audit_table('oauth_clients', 'OAuthClient', 'client_id', names => 'display_name'),
  audit_table('oauth_client_secrets', 'OAuthClientSecret', 'id', parent => 'client_id', secrets => 'secret,hash'),
  audit_table('oauth_scopes', 'OAuthScope', 'name', names => 'name'),
  audit_table('oauth_consents', 'Consent', 'user_id,client_id', parent => 'user_id'),
  audit_table('key_managers', 'KeyManager', 'id', names => 'name', secrets => 'secrets', ignored => 'keys,keys_fetched_at,keys_error'),
  audit_table('api_keys', 'APIKey', 'id', names => 'name', parent => 'application_id', secrets => 'hash', ignored => 'last_used_at'),

  audit_table('throttling_policies', 'ThrottlingPolicy', 'id', names => 'name'),
  audit_table('custom_rules', 'CustomRule', 'id', names => 'name'),
  audit_table('deny_policies', 'DenyPolicy', 'id', names => 'subject'),
  audit_table('environments', 'Environment', 'id', names => 'name'),
  audit_table('api_categories', 'APICategory', 'id', names => 'name'),
  audit_table('labels', 'Label', 'id', names => 'name'),
  audit_table('tenant_themes', 'TenantTheme', 'organization', bytes => 'content'),
  audit_table('org_themes', 'OrganizationTheme', 'id', bytes => 'content'),
  audit_table('bot_alert_subscriptions', 'BotAlertSubscription', 'id', names => 'email'),
  audit_table('workflows', 'Workflow', 'id', names => 'type', ignored => 'updated_at');

SELECT
  audit_table('apis', 'API', 'id', names => 'name,version',
    ignored => 'updated_at,updated_by,visible_organizations,sought_name,sought_display_name,sought_description,sought_vendor,sought_advertised,sought_tags,sought_properties,sought_context,sought_template,audience'),
  audit_table('api_definitions', 'APIDefinition', 'api_id', parent => 'api_id', digests => 'text'),
  audit_table('api_product_resources', 'ProductResource', 'product_id,position', names => 'verb,target', parent => 'product_id'),
  audit_table('api_revisions', 'Revision', 'id', names => 'number', parent => 'api_id', digests => 'snapshot,definition'),
  audit_table('api_deployments', 'Deployment', 'api_id,environment', names => 'environment', parent => 'api_id', digests => 'backends'),
  audit_table('api_endpoints', 'Endpoint', 'api_id,id', names => 'name', parent => 'api_id', digests => 'api_definition'),
  audit_table('api_sequence_backends', 'SequenceBackend', 'api_id,type', names => 'type', parent => 'api_id', digests => 'content'),
  audit_table('api_environment_keys', 'EnvironmentKeys', 'api_id,environment_id', names => 'environment_id', parent => 'api_id', secrets => 'properties'),
  audit_table('api_resource_policies', 'ResourcePolicy', 'id', names => 'http_verb,resource_path', parent => 'api_id', digests => 'content'),
  audit_table('api_documents', 'Document', 'id', names => 'name', parent => 'api_id', digests => 'inline_content', ignored => 'updated_at,updated_by'),
  audit_table('api_document_contents', 'DocumentContent', 'document_id', parent => 'document_id', bytes => 'bytes'),
  audit_table('api_thumbnails', 'Thumbnail', 'api_id', parent => 'api_id', bytes => 'content'),
  audit_table('api_themes', 'Theme', 'id', parent => 'api_id', bytes => 'content'),
  audit_table('api_wsdls', 'WSDL', 'api_id', parent => 'api_id', bytes => 'content'),
  audit_table('api_comments', 'Comment', 'id', parent => 'api_id', ignored => 'updated_at'),
  audit_table('api_ratings', 'Rating', 'id', parent => 'api_id', ignored => 'rated_at'),
  audit_table('api_labels', 'APILabel', 'api_id,label_id', parent => 'api_id'),
  audit_table('api_external_stores', 'ExternalStore', 'api_id,store_id', names => 'store_id', parent => 'api_id', ignored => 'updated_at'),
  audit_table('shared_scopes', 'SharedScope', 'id', names => 'name'),
  audit_table('operation_policies', 'OperationPolicy', 'id', names => 'name,version', parent => 'api_id', digests => 'synapse,choreo'),
  audit_table('gateway_policies', 'GatewayPolicy', 'id', names => 'display_name'),
  audit_table('gateway_policy_deployments', 'GatewayPolicyDeployment', 'label', names => 'label', parent => 'mapping_id'),
  audit_table('endpoint_certificates', 'EndpointCertificate', 'alias', names => 'alias', digests => 'pem'),
  audit_table('api_client_certificates', 'ClientCertificate', 'api_id,key_type,alias', names => 'alias', parent => 'api_id', digests => 'pem');

SELECT
  audit_table('applications', 'Application', 'id', names => 'name', ignored => 'updated_at'),
  audit_table('application_keys', 'ApplicationKey', 'id', names => 'key_type', parent => 'application_id', secrets => 'client_secret'),
  audit_table('subscriptions', 'Subscription', 'id', parent => 'application_id', ignored => 'updated_at');
