-- Certificates of backends that a tenant trusts. The server is the endpoint's host:port, or its host where the endpoint names no more.
CREATE TABLE endpoint_certificates (
  organization text NOT NULL,
  alias text NOT NULL,
  endpoint text NOT NULL,
  server text NOT NULL,
  pem text NOT NULL,
  PRIMARY KEY (organization, alias)
);
CREATE INDEX endpoint_certificates_server ON endpoint_certificates (organization, server);

-- Certificates of clients that may call an API over mutual TLS.
CREATE TABLE api_client_certificates (
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  key_type text NOT NULL,
  alias text NOT NULL,
  organization text NOT NULL,
  tier text NOT NULL,
  pem text NOT NULL,
  PRIMARY KEY (api_id, key_type, alias)
);
