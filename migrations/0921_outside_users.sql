-- Which account a user of an outside identity provider signs in to.
CREATE TABLE outside_users (
  organization text NOT NULL,
  -- The provider's name in the configuration.
  provider text NOT NULL,
  -- `sub`, or the NameID.
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- Whether the account was made for this user: its roles then follow the provider's.
  provisioned boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization, provider, subject)
);
CREATE INDEX outside_users_user ON outside_users (user_id);
