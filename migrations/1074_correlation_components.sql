-- Parts of the server that write correlation lines. They are the same for every tenant; a part without a row writes none.
CREATE TABLE correlation_components (
  -- Whose administrators are told of changes.
  organization text NOT NULL DEFAULT 'carbon.super',
  name text PRIMARY KEY,
  enabled boolean NOT NULL,
  -- Threads that are left out, by the beginnings of their names; null: those of a new server. Of statements alone.
  denied_threads text[]
);
SELECT audit_table('correlation_components', 'CorrelationComponent', 'name', names => 'name');
