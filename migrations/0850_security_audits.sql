-- The name under which the security audit service knows an API.
CREATE TABLE api_security_audits (
  api_id uuid PRIMARY KEY REFERENCES apis (id) ON DELETE CASCADE,
  organization text NOT NULL,
  external_id text NOT NULL
);
