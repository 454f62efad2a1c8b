-- A tenant's own configuration, as its administrator wrote it. No row: the defaults hold.
CREATE TABLE tenant_configs (
  organization text PRIMARY KEY REFERENCES tenants,
  document jsonb NOT NULL
);

-- Names of life-cycle states and types are the application's business; products live beside APIs.
CREATE INDEX apis_organization_type ON apis (organization, type);
