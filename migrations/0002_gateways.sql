-- Gateways that follow the feed, with their last heartbeat.
CREATE TABLE gateways (
  gateway_id text PRIMARY KEY,
  labels text[] NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT now(),
  last_active timestamptz NOT NULL DEFAULT now()
);

-- Tells a follower whether the copy it kept on disk is of this database.
CREATE TABLE feed_identity (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
INSERT INTO feed_identity DEFAULT VALUES;
