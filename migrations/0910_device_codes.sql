-- Devices that wait for a user to allow them in (RFC 8628). The device holds the device code, of which only a hash is here.
CREATE TABLE oauth_device_codes (
  hash text PRIMARY KEY,
  organization text NOT NULL REFERENCES tenants ON DELETE CASCADE,
  client_id text NOT NULL REFERENCES oauth_clients (client_id) ON DELETE CASCADE,
  user_code text NOT NULL,
  scopes text[] NOT NULL,
  state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'ALLOWED', 'DENIED')),
  user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  -- When the user gave the password, in epoch seconds.
  signed_in_at bigint,
  interval_seconds integer NOT NULL,
  polled_at timestamptz,
  expires_at timestamptz NOT NULL,
  CONSTRAINT oauth_device_codes_user_code UNIQUE (organization, user_code)
);
CREATE INDEX oauth_device_codes_expiry ON oauth_device_codes (expires_at);
CREATE INDEX oauth_device_codes_client ON oauth_device_codes (client_id);
