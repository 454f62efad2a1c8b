-- The one secret of a client at an outside key manager, encrypted; null where it is not known, or may not be kept.
ALTER TABLE application_keys ADD COLUMN client_secret text;

-- A client acts for one application: two mappings of it would let one act as the other.
CREATE UNIQUE INDEX application_keys_client ON application_keys (organization, key_manager, consumer_key) WHERE consumer_key IS NOT NULL;

-- Clients at outside key managers that nobody needs any more and that are still to be removed there.
CREATE TABLE client_removals (
  organization text NOT NULL,
  key_manager text NOT NULL,
  client_id text NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization, key_manager, client_id)
);
CREATE INDEX client_removals_due ON client_removals (due_at);
