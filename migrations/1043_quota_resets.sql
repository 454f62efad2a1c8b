-- When users of an application were last given their quotas anew: milliseconds since the epoch by user@tenant, as the gateway names those it counts.
ALTER TABLE applications ADD COLUMN quota_resets jsonb NOT NULL DEFAULT '{}';
