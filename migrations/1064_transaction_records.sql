-- What gateways counted, a record for each span of time; a record that comes twice counts once.
CREATE TABLE transaction_records (
  id text PRIMARY KEY,
  server_id text NOT NULL,
  server_type text NOT NULL,
  host text NOT NULL,
  count int NOT NULL CHECK (count >= 0),
  recorded_at timestamptz NOT NULL
);
CREATE INDEX transaction_records_time ON transaction_records (recorded_at);
