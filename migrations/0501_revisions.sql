-- A revision is the whole API and its definition as they were, never changed afterwards.
CREATE TABLE api_revisions (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  number int NOT NULL,
  description text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  snapshot jsonb NOT NULL,
  -- Null for API types without a definition.
  definition_kind text,
  definition text,
  CONSTRAINT api_revisions_number UNIQUE (api_id, number)
);

-- The last number given: deleting a revision does not free its number.
CREATE TABLE api_revision_counters (
  api_id uuid PRIMARY KEY REFERENCES apis (id) ON DELETE CASCADE,
  organization text NOT NULL,
  last_number int NOT NULL
);

-- At most one revision of an API is deployed in an environment.
CREATE TABLE api_deployments (
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  environment text NOT NULL,
  organization text NOT NULL,
  revision_id uuid NOT NULL REFERENCES api_revisions (id),
  vhost text NOT NULL,
  display_on_devportal boolean NOT NULL,
  deployed_at timestamptz NOT NULL,
  PRIMARY KEY (api_id, environment)
);
CREATE INDEX api_deployments_revision ON api_deployments (revision_id);
CREATE INDEX api_deployments_environment ON api_deployments (organization, environment);

-- Orders versions as people do: 1.10 after 1.9.
CREATE COLLATION api_version_order (provider = icu, locale = 'und-u-kn-true');
