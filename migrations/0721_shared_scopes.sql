-- Scopes of a tenant that any of its APIs may attach.
CREATE TABLE shared_scopes (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  name text NOT NULL,
  display_name text NOT NULL,
  description text NOT NULL,
  roles text[] NOT NULL,
  CONSTRAINT shared_scopes_organization_name UNIQUE (organization, name)
);

-- Which API's working copy has which of them. The API may be written later in the same transaction.
CREATE TABLE api_shared_scopes (
  organization text NOT NULL,
  scope text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (organization, scope, api_id),
  FOREIGN KEY (organization, scope) REFERENCES shared_scopes (organization, name)
);
CREATE INDEX api_shared_scopes_api ON api_shared_scopes (api_id);

-- Looks up the revisions that have a scope.
CREATE INDEX api_revisions_scopes ON api_revisions USING gin ((snapshot -> 'details' -> 'scopes') jsonb_path_ops);
