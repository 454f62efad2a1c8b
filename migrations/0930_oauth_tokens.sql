-- A family is all tokens that came of one login by refreshing; its tokens' ids begin with the family's.
ALTER TABLE token_revocations DROP CONSTRAINT token_revocations_type_check;
ALTER TABLE token_revocations ADD CONSTRAINT token_revocations_type_check CHECK (type IN ('jti', 'family', 'consumer-key', 'subject'));

-- What one tenant says has died says nothing of another's tokens.
ALTER TABLE token_revocations DROP CONSTRAINT token_revocations_pkey, ADD PRIMARY KEY (type, value, organization);

-- Opaque tokens, and, with oauth.token_persistence, JWTs. Never the token itself.
CREATE TABLE oauth_tokens (
  -- SHA-256 of the token.
  hash bytea PRIMARY KEY,
  organization text NOT NULL,
  client_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('access', 'refresh')),
  -- Whose token it is: the application's own, or a user's.
  holder text NOT NULL CHECK (holder IN ('APPLICATION', 'APPLICATION_USER')),
  subject text NOT NULL,
  -- Whom a revocation by subject names; differs from the subject for users of outside identity providers.
  entity_id text NOT NULL,
  scope text NOT NULL,
  audiences text[] NOT NULL,
  jti text NOT NULL,
  -- Epoch seconds; one that never ends has an end in decades.
  issued_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  -- What the token can be made of again, with the installation's key; only for tokens that are handed out repeatedly.
  seed text
);
CREATE INDEX oauth_tokens_expiry ON oauth_tokens (expires_at);
-- Small, as only what may be handed out again is in it; ordered so that the live ones of a holder are found without passing the expired ones.
CREATE INDEX oauth_tokens_reusable ON oauth_tokens (client_id, entity_id, expires_at DESC) WHERE seed IS NOT NULL;
