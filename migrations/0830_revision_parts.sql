-- What a revision keeps of an API beside the API itself: the rows of one table, as they were.
CREATE TABLE api_revision_parts (
  revision_id uuid NOT NULL REFERENCES api_revisions (id) ON DELETE CASCADE,
  organization text NOT NULL,
  part text NOT NULL,
  rows jsonb NOT NULL,
  PRIMARY KEY (revision_id, part)
);
