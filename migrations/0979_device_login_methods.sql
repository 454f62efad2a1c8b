-- How the user of a device signed in, by the names of `amr`.
ALTER TABLE oauth_device_codes ADD COLUMN methods text[] NOT NULL DEFAULT '{}';
