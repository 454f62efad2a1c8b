-- Requests that an outside system is still to be told of. A row goes once it was told, and with its workflow.
CREATE TABLE workflow_calls (
  workflow_id uuid PRIMARY KEY REFERENCES workflows (id) ON DELETE CASCADE,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX workflow_calls_due ON workflow_calls (due_at);
