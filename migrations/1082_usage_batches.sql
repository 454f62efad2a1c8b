-- Which batches of usage were added: one whose writer never heard that it was is sent again, and counts once.
CREATE TABLE usage_batches (
  id uuid PRIMARY KEY,
  written_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX usage_batches_age ON usage_batches (written_at);
