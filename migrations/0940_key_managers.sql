-- Key managers outside of this process: secrets of their connection, the keys last fetched from them, and what went wrong with the last attempt.
ALTER TABLE key_managers ADD COLUMN secrets jsonb NOT NULL DEFAULT '{}';
ALTER TABLE key_managers ADD COLUMN keys jsonb NOT NULL DEFAULT '[]';
ALTER TABLE key_managers ADD COLUMN keys_fetched_at timestamptz;
ALTER TABLE key_managers ADD COLUMN keys_error text NOT NULL DEFAULT '';
CREATE INDEX key_managers_issuer ON key_managers (issuer, organization);

-- The resident ones had seven settings.
UPDATE key_managers SET settings = '{
  "wellKnownEndpoint": "", "introspectionEndpoint": "", "clientRegistrationEndpoint": "", "tokenEndpoint": "", "displayTokenEndpoint": "",
  "revokeEndpoint": "", "displayRevokeEndpoint": "", "userInfoEndpoint": "", "authorizeEndpoint": "", "scopeManagementEndpoint": "",
  "endpoints": [], "certificates": null, "availableGrantTypes": [], "enableTokenEncryption": false, "enableTokenHashing": false,
  "enableProvisionedAppValidation": true, "enableSelfValidationJWT": true, "claimMapping": [], "tokenValidation": [],
  "permissions": {"permissionType": "PUBLIC", "roles": []}, "allowedOrganizations": [], "additionalProperties": {}
}'::jsonb || settings;

-- How a client made at an outside key manager is managed there (RFC 7592): encrypted, because it opens the client.
CREATE TABLE key_manager_clients (
  key_manager_id uuid NOT NULL REFERENCES key_managers (id) ON DELETE CASCADE,
  client_id text NOT NULL,
  registration text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key_manager_id, client_id)
);
