-- Gateways of the type APIPlatform in customers' networks. Each is an environment as well, of the same name, which holds all that is not here.
CREATE TABLE platform_gateways (
  id uuid PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
  organization text NOT NULL REFERENCES tenants ON DELETE CASCADE,
  url text NOT NULL,
  properties jsonb NOT NULL,
  -- The first part of the registration token, by which its row is found, and the SHA-256 of the whole.
  token_id text NOT NULL CONSTRAINT platform_gateways_token UNIQUE,
  token_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX platform_gateways_organization ON platform_gateways (organization);
SELECT audit_table('platform_gateways', 'PlatformGateway', 'id', names => 'url', secrets => 'token_id,token_hash', ignored => 'updated_at');
