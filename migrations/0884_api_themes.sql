-- How the developer portal shows an API: a draft and the one in use, each a zip archive.
CREATE TABLE api_themes (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  published boolean NOT NULL,
  content bytea NOT NULL,
  CONSTRAINT api_themes_api UNIQUE (api_id, published)
);
