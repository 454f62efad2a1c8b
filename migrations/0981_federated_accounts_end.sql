-- End of the last token of the account, epoch seconds: it is forgotten a while after. Those from before this was noted stay, as their ids cannot be made again.
ALTER TABLE federated_accounts ADD COLUMN needed_until bigint NOT NULL DEFAULT 9007199254740991;
ALTER TABLE federated_accounts ALTER COLUMN needed_until DROP DEFAULT;
CREATE INDEX federated_accounts_end ON federated_accounts (needed_until);
