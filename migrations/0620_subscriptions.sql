CREATE TABLE subscriptions (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  api_id uuid NOT NULL,
  application_id uuid NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  policy text NOT NULL,
  requested_policy text NOT NULL,
  state text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT subscriptions_pair UNIQUE (application_id, api_id)
);
CREATE INDEX subscriptions_api ON subscriptions (organization, api_id);
