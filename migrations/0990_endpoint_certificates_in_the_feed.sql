-- Gateways trust the certificates that tenants uploaded for their backends, so they get to know those that are there already.
INSERT INTO gateway_document (organization, kind, key, seq, body)
SELECT organization, 'endpoint-certificate', alias, nextval('gateway_document_seq'), jsonb_build_object('server', server, 'pem', pem)
FROM endpoint_certificates
ON CONFLICT DO NOTHING;
