-- Endpoints of an API beside those of its endpointConfig. A new version keeps their ids, by which policies name them.
CREATE TABLE api_endpoints (
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  organization text NOT NULL,
  name text NOT NULL,
  deployment_stage text NOT NULL,
  config jsonb NOT NULL,
  api_definition text,
  PRIMARY KEY (api_id, id)
);
CREATE INDEX api_endpoints_organization ON api_endpoints (organization);

CREATE TABLE api_sequence_backends (
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  type text NOT NULL,
  organization text NOT NULL,
  content text NOT NULL,
  PRIMARY KEY (api_id, type)
);

-- Properties of an API in one gateway environment.
CREATE TABLE api_environment_keys (
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  environment_id text NOT NULL,
  organization text NOT NULL,
  properties jsonb NOT NULL,
  PRIMARY KEY (api_id, environment_id)
);
