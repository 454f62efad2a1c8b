-- What people say about an API, from the publisher and from the developer portal alike.
CREATE TABLE api_comments (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  -- NULL for a comment on the API itself; the replies to it go with it.
  parent_id uuid REFERENCES api_comments (id) ON DELETE CASCADE,
  entry_point text NOT NULL,
  category text NOT NULL,
  content text NOT NULL,
  author_id uuid NOT NULL,
  author text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3)
);
CREATE INDEX api_comments_api ON api_comments (organization, api_id, created_at) WHERE parent_id IS NULL;
CREATE INDEX api_comments_parent ON api_comments (parent_id, created_at);
