-- The job that reports the use of paid APIs to a tenant's billing service. A run that stopped renewing `alive_until` died with its server.
CREATE TABLE usage_publishing (
  organization text PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
  run uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('INITIATED', 'RUNNING', 'COMPLETED')),
  status text NOT NULL CHECK (status IN ('INPROGRESS', 'SUCCESSFULL', 'FAILED')),
  started_at timestamptz NOT NULL,
  alive_until timestamptz NOT NULL,
  last_published_at timestamptz,
  -- The first day that was ever to be reported.
  first_day date NOT NULL
);

-- What was reported of each day, so that requests which gateways tell of late are reported too, and none twice.
CREATE TABLE published_usage (
  organization text NOT NULL REFERENCES tenants ON DELETE CASCADE,
  api_id uuid NOT NULL,
  application_id uuid NOT NULL,
  day date NOT NULL,
  requests bigint NOT NULL,
  PRIMARY KEY (organization, day, api_id, application_id)
);
