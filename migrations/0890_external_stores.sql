-- Which stores of other servers offer an API, and under which id.
CREATE TABLE api_external_stores (
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  store_id text NOT NULL,
  organization text NOT NULL,
  remote_id text NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (api_id, store_id)
);
