-- What the OAuth engine must remember between requests: login sessions, authorization codes, device codes, grants, and sign-ins under way.
-- The id is what a browser or a client holds, so only its hash is here, and the id itself encrypted for those who find the row in another way.
CREATE TABLE oauth_engine_records (
  kind text NOT NULL,
  id_hash text NOT NULL,
  organization text NOT NULL REFERENCES tenants ON DELETE CASCADE,
  sealed_id text NOT NULL,
  payload jsonb NOT NULL,
  grant_id text,
  user_code text,
  uid text,
  consumed_at timestamptz,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (kind, id_hash)
);
CREATE INDEX oauth_engine_records_expiry ON oauth_engine_records (expires_at);
CREATE INDEX oauth_engine_records_grant ON oauth_engine_records (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX oauth_engine_records_uid ON oauth_engine_records (uid) WHERE uid IS NOT NULL;
CREATE UNIQUE INDEX oauth_engine_records_user_code ON oauth_engine_records (organization, user_code) WHERE user_code IS NOT NULL;

-- What a user allowed a client for good. Removing either forgets it.
CREATE TABLE oauth_consents (
  organization text NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id text NOT NULL REFERENCES oauth_clients (client_id) ON DELETE CASCADE,
  scopes text[] NOT NULL,
  given_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, client_id)
);
CREATE INDEX oauth_consents_client ON oauth_consents (client_id);

UPDATE oauth_clients SET settings = settings || '{"skipConsent": false}';
