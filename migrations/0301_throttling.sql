-- Throttling policies of all levels. `plan` holds what only a business plan (level `subscription`) has, `conditional_groups` what only an advanced policy has.
CREATE TABLE throttling_policies (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  level text NOT NULL CHECK (level IN ('application', 'subscription', 'advanced')),
  name text NOT NULL,
  display_name text NOT NULL,
  description text NOT NULL,
  quota jsonb NOT NULL,
  burst jsonb,
  stop_on_quota_reach boolean NOT NULL,
  plan jsonb,
  conditional_groups jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT throttling_policies_organization_level_name UNIQUE (organization, level, name)
);

-- Tenants that were given the shipped policies once: a policy an administrator deletes does not come back at the next start.
CREATE TABLE throttling_seeded (organization text PRIMARY KEY);
