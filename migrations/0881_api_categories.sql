CREATE TABLE api_categories (
  id uuid PRIMARY KEY,
  organization text NOT NULL REFERENCES tenants,
  name text NOT NULL,
  description text NOT NULL,
  CONSTRAINT api_categories_organization_name UNIQUE (organization, name)
);
