-- Gateways let in the clients of APIs by certificate and the users of a tenant by password, so they get to know the certificates and the roles of scopes
-- of APIs that are deployed already.
UPDATE gateway_document SET seq = nextval('gateway_document_seq'), changed_at = now(),
  body = body || jsonb_build_object('clientCertificates', coalesce(
    (SELECT jsonb_agg(jsonb_build_object('alias', c.alias, 'keyType', c.key_type, 'tier', c.tier, 'pem', c.pem) ORDER BY c.key_type, c.alias)
     FROM api_client_certificates c WHERE c.api_id::text = body->>'apiId'), '[]'))
WHERE kind = 'api' AND NOT deleted AND body->'securityScheme' ? 'mutualssl';

UPDATE gateway_document SET seq = nextval('gateway_document_seq'), changed_at = now(),
  body = body || jsonb_build_object('scopeRoles', coalesce(
    (SELECT jsonb_object_agg(s->>'name', s->'bindings')
     FROM api_revisions r, jsonb_array_elements(r.snapshot->'details'->'scopes') s WHERE r.id::text = body->>'revisionId'), '{}'))
WHERE kind = 'api' AND NOT deleted AND body->'securityScheme' ? 'basic_auth';

-- Environments for keys of one kind; those of the configuration file are known with the next deployment.
UPDATE gateway_document d SET seq = nextval('gateway_document_seq'), changed_at = now(),
  body = body || jsonb_build_object('environmentType', upper(e.type))
FROM environments e
WHERE d.kind = 'api' AND NOT d.deleted AND e.organization = d.organization AND e.name = body->>'environment' AND lower(e.type) IN ('production', 'sandbox');
