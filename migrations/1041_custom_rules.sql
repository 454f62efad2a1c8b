-- Limits of the whole gateway, written as queries. Only the super tenant has any.
CREATE TABLE custom_rules (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  name text NOT NULL,
  display_name text NOT NULL,
  description text NOT NULL,
  siddhi_query text NOT NULL,
  key_template text NOT NULL,
  CONSTRAINT custom_rules_organization_name UNIQUE (organization, name)
);
