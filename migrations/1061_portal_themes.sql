-- How the developer portal looks to a tenant's visitors: one theme of the tenant, and its own content, a draft and the one in use. Each is a zip archive.
CREATE TABLE tenant_themes (
  organization text PRIMARY KEY REFERENCES tenants,
  content bytea NOT NULL
);
CREATE TABLE org_themes (
  id uuid PRIMARY KEY,
  organization text NOT NULL REFERENCES tenants,
  published boolean NOT NULL,
  content bytea NOT NULL,
  CONSTRAINT org_themes_organization UNIQUE (organization, published)
);
