-- What happened to an API, oldest first; `previous_state` is null in the entry made at its creation.
CREATE TABLE api_lifecycle_events (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  previous_state text,
  post_state text NOT NULL,
  user_name text NOT NULL,
  happened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX api_lifecycle_events_api ON api_lifecycle_events (organization, api_id, happened_at);
