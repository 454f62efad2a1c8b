-- What the gateways write of the calls to an API, or to one of its resources. No row is OFF; of the API as a whole method and target are empty.
CREATE TABLE api_log_levels (
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  method text NOT NULL DEFAULT '',
  target text NOT NULL DEFAULT '',
  level text NOT NULL CHECK (level IN ('BASIC', 'STANDARD', 'FULL')),
  PRIMARY KEY (api_id, method, target),
  CHECK ((method = '') = (target = ''))
);
CREATE INDEX api_log_levels_organization ON api_log_levels (organization);
SELECT audit_table('api_log_levels', 'APILogLevel', 'api_id,method,target', names => 'method,target', parent => 'api_id');
