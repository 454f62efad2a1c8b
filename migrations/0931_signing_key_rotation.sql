-- The newest key whose time has come signs; the others verify: a new one before its time, so that everybody knows it when it begins,
-- an old one until the last token it signed has ended.
ALTER TABLE signing_keys ADD COLUMN signs_from timestamptz NOT NULL DEFAULT now();
UPDATE signing_keys SET signs_from = created_at;
-- End of the last token the key may have signed, epoch seconds; for keys from before this was noted a year from now.
ALTER TABLE signing_keys ADD COLUMN covers_until bigint NOT NULL DEFAULT 0;
UPDATE signing_keys SET covers_until = extract(epoch FROM now() + interval '1 year')::bigint;
DROP INDEX signing_keys_active;
ALTER TABLE signing_keys DROP COLUMN state, DROP COLUMN retired_at;
CREATE INDEX signing_keys_organization ON signing_keys (organization, signs_from DESC);
