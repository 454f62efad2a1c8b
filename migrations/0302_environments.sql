-- Gateway environments made by administrators; those of the configuration file are not stored.
CREATE TABLE environments (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  name text NOT NULL,
  display_name text NOT NULL,
  description text NOT NULL,
  provider text NOT NULL,
  type text NOT NULL,
  gateway_type text NOT NULL,
  mode text NOT NULL,
  discovery_minutes double precision NOT NULL,
  vhosts jsonb NOT NULL,
  endpoint_uris jsonb NOT NULL,
  additional_properties jsonb NOT NULL,
  permissions jsonb NOT NULL,
  CONSTRAINT environments_organization_name UNIQUE (organization, name)
);
