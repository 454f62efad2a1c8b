-- The picture of an API: one a row, in a table of its own so that no list ever reads it.
CREATE TABLE api_thumbnails (
  api_id uuid PRIMARY KEY REFERENCES apis (id) ON DELETE CASCADE,
  organization text NOT NULL,
  media_type text NOT NULL,
  content bytea NOT NULL
);
