-- Which revision gateways outside say that they serve, of those that report without a name of their own. A row goes with its deployment.
CREATE TABLE deployed_revisions (
  api_id uuid NOT NULL,
  environment text NOT NULL,
  organization text NOT NULL,
  revision_id uuid NOT NULL,
  reported_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (api_id, environment),
  FOREIGN KEY (api_id, environment) REFERENCES api_deployments (api_id, environment) ON DELETE CASCADE
);
