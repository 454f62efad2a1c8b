-- Users of outside identity providers on whose behalf tokens were issued: they have no account in the store of their tenant.
CREATE TABLE federated_accounts (
  -- The id by which tokens, revocations and resources name the user here.
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  -- As the provider named them last.
  roles text[] NOT NULL,
  claims jsonb NOT NULL,
  modified_at timestamptz NOT NULL,
  CONSTRAINT federated_accounts_subject UNIQUE (organization, issuer, subject)
);

-- Assertions that were presented, until they would have ended: none is taken twice.
CREATE TABLE used_assertions (
  organization text NOT NULL,
  -- SHA-256 of the issuer and the assertion's id.
  digest text NOT NULL,
  -- Epoch seconds.
  expires_at bigint NOT NULL,
  PRIMARY KEY (organization, digest)
);
CREATE INDEX used_assertions_expiry ON used_assertions (expires_at);
