CREATE TABLE labels (
  id uuid PRIMARY KEY,
  organization text NOT NULL REFERENCES tenants,
  name text NOT NULL,
  description text NOT NULL,
  CONSTRAINT labels_organization_name UNIQUE (organization, name)
);

-- A label that is attached cannot go.
CREATE TABLE api_labels (
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  label_id uuid NOT NULL REFERENCES labels (id),
  organization text NOT NULL,
  PRIMARY KEY (api_id, label_id)
);
CREATE INDEX api_labels_label ON api_labels (organization, label_id);
