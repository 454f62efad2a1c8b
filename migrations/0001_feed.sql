-- The gateway's feed: one row per organization, kind and key. `seq` is taken under a transaction-level advisory lock, so it becomes visible in order.
CREATE SEQUENCE gateway_document_seq;
CREATE TABLE gateway_document (
  organization text NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  seq bigint NOT NULL,
  body jsonb,
  deleted boolean NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization, kind, key)
);
CREATE UNIQUE INDEX gateway_document_seq_index ON gateway_document (seq);

-- What a gateway answered to a deployment: the newest acknowledgement per gateway and document.
CREATE TABLE gateway_acknowledgements (
  gateway_id text NOT NULL,
  organization text NOT NULL,
  api_id uuid NOT NULL,
  environment text NOT NULL,
  revision_id uuid NOT NULL,
  seq bigint NOT NULL,
  ok boolean NOT NULL,
  error text,
  acknowledged_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (gateway_id, api_id, environment)
);

-- The highest sequence number whose tombstone was forgotten: older cursors must reload.
CREATE TABLE feed_purge (id int PRIMARY KEY CHECK (id = 1), seq bigint NOT NULL);
