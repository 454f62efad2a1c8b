-- What failed logins do to an account: how many in a row, how often they locked it since the last success, and until when.
ALTER TABLE users
  ADD COLUMN failed_logins int NOT NULL DEFAULT 0,
  ADD COLUMN lockouts int NOT NULL DEFAULT 0,
  ADD COLUMN unlock_at timestamptz(3);
