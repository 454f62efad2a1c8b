-- With apim.oauth_config.enable_token_hashing a secret is kept as its hash alone.
ALTER TABLE oauth_client_secrets ALTER COLUMN secret DROP NOT NULL;
