-- Gateways learn of the conditional groups of advanced policies.
UPDATE gateway_document d SET seq = nextval('gateway_document_seq'), changed_at = now(),
  body = body || jsonb_build_object('conditionalGroups', p.conditional_groups)
FROM throttling_policies p
WHERE d.kind = 'policy' AND NOT d.deleted AND p.organization = d.organization AND p.level = 'advanced' AND d.key = 'advanced:' || p.name
  AND jsonb_array_length(p.conditional_groups) > 0;
