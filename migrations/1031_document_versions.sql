-- Which version of the gateway's documents was last written for everything that is deployed; one row once the server has seen to it.
CREATE TABLE gateway_document_version (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  version integer NOT NULL
);
