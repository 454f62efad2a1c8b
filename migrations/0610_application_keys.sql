-- Which OAuth client of which key manager acts for an application, once per key type.
CREATE TABLE application_keys (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  application_id uuid NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  key_type text NOT NULL,
  key_manager text NOT NULL,
  consumer_key text,
  mode text NOT NULL,
  state text NOT NULL,
  settings jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT application_keys_type UNIQUE (application_id, key_type, key_manager)
);
CREATE INDEX application_keys_consumer_key ON application_keys (organization, consumer_key);
