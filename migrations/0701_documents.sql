CREATE TABLE api_documents (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  name text NOT NULL,
  type text NOT NULL,
  other_type_name text NOT NULL,
  summary text,
  source_type text NOT NULL,
  source_url text NOT NULL,
  file_name text NOT NULL,
  inline_content text NOT NULL,
  visibility text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  CONSTRAINT api_documents_name UNIQUE (api_id, name)
);

-- Texts and files, in a table of their own so that lists never load them.
CREATE TABLE api_document_contents (
  document_id uuid PRIMARY KEY REFERENCES api_documents (id) ON DELETE CASCADE,
  organization text NOT NULL,
  media_type text NOT NULL,
  bytes bytea NOT NULL
);
