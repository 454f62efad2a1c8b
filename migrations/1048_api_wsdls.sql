-- The WSDL an API was made from, as it was given: a document, or an archive of documents. In a table of its own so that no list ever reads it; revisions
-- keep the row and new versions copy it with the other tables of an API.
CREATE TABLE api_wsdls (
  api_id uuid PRIMARY KEY REFERENCES apis (id) ON DELETE CASCADE,
  organization text NOT NULL,
  type text NOT NULL CHECK (type IN ('WSDL', 'ZIP')),
  content bytea NOT NULL
);
-- Until now this was whatever a caller said; there was no WSDL behind it.
UPDATE apis SET details = jsonb_set(details, '{wsdlInfo}', 'null') WHERE details -> 'wsdlInfo' <> 'null';
