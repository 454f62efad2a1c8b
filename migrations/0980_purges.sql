-- Deletions that followers of the feed need no more are found without reading the documents in force.
CREATE INDEX gateway_document_deletions ON gateway_document (changed_at) WHERE deleted;

-- For the purge alone: as the planner knows little of rows that came since it last looked, it took the index on the plain column for the best way to one
-- holder's tokens, and read all live ones.
DROP INDEX oauth_tokens_expiry;
CREATE INDEX oauth_tokens_ended ON oauth_tokens (to_timestamp(expires_at));
