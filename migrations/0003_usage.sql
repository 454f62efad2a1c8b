-- Requests per minute that agree in every dimension; parts of one minute add up.
CREATE TABLE usage_minutes (
  minute timestamptz NOT NULL,
  organization text NOT NULL,
  environment text NOT NULL,
  api_id uuid NOT NULL,
  revision_id uuid NOT NULL,
  method text NOT NULL,
  target text NOT NULL,
  application_id uuid,
  key_type text NOT NULL,
  hits bigint NOT NULL,
  status_1xx bigint NOT NULL,
  status_2xx bigint NOT NULL,
  status_3xx bigint NOT NULL,
  status_4xx bigint NOT NULL,
  status_5xx bigint NOT NULL,
  throttled bigint NOT NULL,
  refused bigint NOT NULL,
  faults bigint NOT NULL,
  aborted bigint NOT NULL,
  latency_ms double precision NOT NULL,
  latency_max_ms double precision NOT NULL,
  backend_latency_ms double precision NOT NULL,
  backend_hits bigint NOT NULL,
  CONSTRAINT usage_minutes_dimensions
    UNIQUE NULLS NOT DISTINCT (minute, organization, environment, api_id, revision_id, method, target, application_id, key_type)
);
CREATE INDEX usage_minutes_api ON usage_minutes (organization, api_id, minute);
CREATE INDEX usage_minutes_application ON usage_minutes (organization, application_id, minute);
