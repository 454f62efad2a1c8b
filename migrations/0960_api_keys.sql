-- API keys of the developer portal's users. The key itself is kept nowhere: only its hash.
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  owner text NOT NULL,
  name text NOT NULL,
  key_type text NOT NULL,
  hash text NOT NULL,
  -- The one API the key opens; null for the key of an application, which opens every API the application is subscribed to.
  api_id uuid,
  -- Whose subscription counts; null while the key of an API is associated with no application.
  application_id uuid REFERENCES applications (id),
  restrictions jsonb NOT NULL,
  validity_seconds bigint NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  CONSTRAINT api_keys_hash UNIQUE (organization, hash),
  CONSTRAINT api_keys_bound CHECK (api_id IS NOT NULL OR application_id IS NOT NULL)
);
CREATE INDEX api_keys_api ON api_keys (organization, api_id, owner);
CREATE INDEX api_keys_application ON api_keys (application_id);
