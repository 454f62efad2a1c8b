-- Tenants. `organization` is the domain; `tenant_id` is the small number that tokens and gateway data carry (-1234 is the super tenant).
CREATE TABLE tenants (
  organization text PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  tenant_id int NOT NULL UNIQUE,
  name text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  owner_id uuid,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

-- `password_hash` is NULL for an invited user who has not chosen one yet.
CREATE TABLE users (
  organization text NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  name text NOT NULL,
  password_hash text,
  claims jsonb NOT NULL DEFAULT '{}',
  locked boolean NOT NULL DEFAULT false,
  disabled boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  modified_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_organization_id UNIQUE (organization, id)
);
CREATE UNIQUE INDEX users_organization_name ON users (organization, lower(name));

CREATE TABLE roles (
  organization text NOT NULL REFERENCES tenants,
  id uuid NOT NULL,
  name text NOT NULL,
  permissions text[] NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  modified_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT roles_pkey PRIMARY KEY (id),
  CONSTRAINT roles_organization_id UNIQUE (organization, id)
);
CREATE UNIQUE INDEX roles_organization_name ON roles (organization, lower(name));

-- Who holds which role. `Internal/everyone` is held by all and has no rows here.
CREATE TABLE user_roles (
  organization text NOT NULL,
  user_id uuid NOT NULL,
  role_id uuid NOT NULL,
  PRIMARY KEY (organization, user_id, role_id),
  FOREIGN KEY (organization, user_id) REFERENCES users (organization, id) ON DELETE CASCADE,
  FOREIGN KEY (organization, role_id) REFERENCES roles (organization, id) ON DELETE CASCADE
);
CREATE INDEX user_roles_role ON user_roles (organization, role_id);

-- Which roles open which scope of the REST APIs.
CREATE TABLE scope_roles (
  organization text NOT NULL REFERENCES tenants,
  scope text NOT NULL,
  roles text[] NOT NULL,
  PRIMARY KEY (organization, scope)
);
