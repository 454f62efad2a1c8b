-- A change that waits for somebody's approval, or did. `id` is the external reference; what the completion needs beside the ids is in `input`.
CREATE TABLE workflows (
  id uuid PRIMARY KEY,
  organization text NOT NULL REFERENCES tenants,
  type text NOT NULL,
  status text NOT NULL,
  -- What is decided about: two undecided workflows of one type never have the same subject.
  subject text NOT NULL,
  api_id uuid REFERENCES apis (id) ON DELETE CASCADE,
  application_id uuid REFERENCES applications (id) ON DELETE CASCADE,
  subscription_id uuid REFERENCES subscriptions (id) ON DELETE CASCADE,
  revision_id uuid REFERENCES api_revisions (id) ON DELETE CASCADE,
  properties jsonb NOT NULL,
  input jsonb NOT NULL,
  description text NOT NULL,
  -- Who decided, as the wire shows the name, and what was written with the decision.
  decided_by text,
  note text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX workflows_pending ON workflows (organization, type, subject) WHERE status = 'CREATED';
CREATE INDEX workflows_inbox ON workflows (organization, created_at, id) WHERE status = 'CREATED';
CREATE INDEX workflows_api ON workflows (api_id, type);
CREATE INDEX workflows_application ON workflows (application_id);
CREATE INDEX workflows_subscription ON workflows (subscription_id);
CREATE INDEX workflows_revision ON workflows (revision_id);
