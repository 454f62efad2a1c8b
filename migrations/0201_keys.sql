-- RSA key pairs that sign a tenant's tokens. The retired ones still verify; private keys are encrypted.
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  organization text NOT NULL,
  state text NOT NULL CHECK (state IN ('ACTIVE', 'RETIRED')),
  private_key text NOT NULL,
  certificate text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (organization) WHERE state = 'ACTIVE';

CREATE TABLE oauth_clients (
  client_id text PRIMARY KEY,
  organization text NOT NULL,
  name text NOT NULL,
  display_name text NOT NULL,
  owner text NOT NULL,
  grant_types text[] NOT NULL,
  callback_url text NOT NULL,
  saas boolean NOT NULL,
  token_type text NOT NULL,
  settings jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT oauth_clients_name UNIQUE (organization, name)
);

-- A client may have several secrets; each is kept encrypted, and as a hash to compare with.
CREATE TABLE oauth_client_secrets (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  client_id text NOT NULL REFERENCES oauth_clients (client_id) ON DELETE CASCADE,
  ordinal bigint GENERATED ALWAYS AS IDENTITY,
  secret text NOT NULL,
  hash text NOT NULL,
  description text NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX oauth_client_secrets_client ON oauth_client_secrets (client_id);

-- Scopes of APIs and the roles that open them. A scope that is not here, or has no roles, is open to everyone.
CREATE TABLE oauth_scopes (
  organization text NOT NULL,
  name text NOT NULL,
  roles text[] NOT NULL,
  PRIMARY KEY (organization, name)
);

-- Tokens that died before their time: one by its id, all of a client or all of a user up to a moment (epoch seconds).
CREATE TABLE token_revocations (
  type text NOT NULL CHECK (type IN ('jti', 'consumer-key', 'subject')),
  value text NOT NULL,
  organization text NOT NULL,
  revoked_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  -- Whether the gateways were told.
  fed boolean NOT NULL,
  PRIMARY KEY (type, value)
);
CREATE INDEX token_revocations_expiry ON token_revocations (expires_at);

CREATE TABLE key_managers (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  name text NOT NULL,
  display_name text NOT NULL,
  type text NOT NULL,
  description text NOT NULL,
  enabled boolean NOT NULL,
  issuer text NOT NULL,
  settings jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT key_managers_name UNIQUE (organization, name)
);
