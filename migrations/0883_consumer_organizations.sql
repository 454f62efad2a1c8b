-- Organizations inside a tenant whose people use its APIs. `parent_id` is the organization of the administrator who made the entry: the claim's value,
-- empty for an administrator who has none.
CREATE TABLE consumer_organizations (
  id uuid PRIMARY KEY,
  organization text NOT NULL REFERENCES tenants,
  external_id text NOT NULL,
  parent_id text NOT NULL,
  display_name text NOT NULL,
  description text NOT NULL,
  CONSTRAINT consumer_organizations_external_id UNIQUE (organization, external_id)
);
