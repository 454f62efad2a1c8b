CREATE TABLE apis (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  provider text NOT NULL,
  name text NOT NULL,
  version text NOT NULL,
  context text NOT NULL,
  context_template text NOT NULL,
  path text NOT NULL,
  type text NOT NULL,
  status text NOT NULL,
  is_default_version boolean NOT NULL DEFAULT false,
  visibility text NOT NULL,
  visible_roles text[] NOT NULL DEFAULT '{}',
  access_control_roles text[] NOT NULL DEFAULT '{}',
  tags text[] NOT NULL DEFAULT '{}',
  policies text[] NOT NULL DEFAULT '{}',
  categories text[] NOT NULL DEFAULT '{}',
  details jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  -- The tenant is part of the path, so this is also one per tenant.
  CONSTRAINT apis_path UNIQUE (path)
);

CREATE UNIQUE INDEX apis_name_version ON apis (organization, lower(name), lower(version));
CREATE UNIQUE INDEX apis_default_version ON apis (organization, name) WHERE is_default_version;
CREATE INDEX apis_context ON apis (organization, context_template);
CREATE INDEX apis_tags ON apis USING gin (tags);
-- Looks up the API that owns a local scope.
CREATE INDEX apis_scopes ON apis USING gin ((details -> 'scopes') jsonb_path_ops);

CREATE TABLE api_definitions (
  api_id uuid PRIMARY KEY REFERENCES apis (id) ON DELETE CASCADE,
  organization text NOT NULL,
  kind text NOT NULL,
  text text NOT NULL
);
