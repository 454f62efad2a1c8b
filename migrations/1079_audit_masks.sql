-- More secrets are known by their names, and those in a text that holds JSON, a query or a form are masked as those in a document are (docs/decisions/0026-audit-rows.md).
CREATE OR REPLACE FUNCTION audit_is_secret(name text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(translate(name, '-_. ', '')) ~ ('pass(word|wd|phrase)|^pwd$|secret|authorization|cookie|credential|assertion|verifier|apikey|privatekey|platformkey|sharedkey|signingkey'
    || '|encryptionkey|(access|account|master|hmac|subscription|functions?)key|^(code|pin|otp|(custom)?parameters)$'
    || '|^(.*(access|refresh|id|subject|actor|bearer|api|session|internal|auth|sas|registration|security|webhook|personal|device|csrf|service|user|client))?tokens?$')
    AND lower(name) !~ '(header|type|scheme|endpoint)$'
$$;

CREATE OR REPLACE FUNCTION audit_masked_text(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(body,
    '\meyJ[\w-]{5,}(\.[\w-]+){1,4}', '[masked]', 'g'),
    '\m(Basic|Bearer)(\s+)[\w.~+/=-]{6,}', '\1\2[masked]', 'gi'),
    '(://)[^\s/@"''\\]+@', '\1[masked]@', 'g'),
    -- Parameters of a query or a form, and parts of a connection string.
    '\m([\w.-]{0,40}(pass(word|wd|phrase)|secret|token|assertion|credential|(api|subscription|access|account|private|shared|functions?)[-_.]?key)|pwd|key|code|pin|otp|sig|code_verifier)=[^&\s"''\\]+',
      '\1=[masked]', 'gi'),
    -- Fields of JSON in the middle of a text.
    '("[^"\\]{0,40}(pass(word|wd|phrase)|secret|authorization|credential|(api|access|account|private|shared)[-_ ]?key|tokens?")[^"\\:]{0,40}"?\s{0,9}:\s{0,9})"([^"\\]|\\.)*"?', '\1"[masked]"', 'gi'),
    '\mv[12]:([0-9a-f]{8}:)?[\w-]{38,}', '[masked]', 'g'),
    '-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)', '[masked]', 'g')
$$;

-- The text; one that is a JSON document without the secrets of its fields.
CREATE FUNCTION audit_masked_document(body text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  document jsonb;
  masked jsonb;
BEGIN
  IF body ~ '^\s*[{\[]' THEN
    BEGIN
      document := body::jsonb;
      masked := audit_masked(document);
      -- As it was written, where there is nothing to mask.
      RETURN CASE WHEN masked = document THEN body ELSE masked::text END;
    EXCEPTION WHEN OTHERS THEN
      -- No JSON after all, or nested deeper than anybody reads.
      NULL;
    END;
  END IF;
  RETURN audit_masked_text(body);
END $$;

CREATE OR REPLACE FUNCTION audit_masked(value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  names_secret boolean;
BEGIN
  CASE jsonb_typeof(value)
    WHEN 'string' THEN RETURN to_jsonb(audit_masked_document(value #>> '{}'));
    WHEN 'array' THEN RETURN (SELECT coalesce(jsonb_agg(audit_masked(item) ORDER BY place), '[]') FROM jsonb_array_elements(value) WITH ORDINALITY AS items (item, place));
    WHEN 'object' THEN
      names_secret := EXISTS (
        SELECT FROM jsonb_each(value) AS field (key, item)
        WHERE key ~* '(name|key)$' AND jsonb_typeof(item) = 'string' AND audit_is_secret(item #>> '{}'));
      RETURN (SELECT coalesce(jsonb_object_agg(key, CASE
          WHEN jsonb_typeof(item) IN ('boolean', 'null') OR item IN ('""', '[]', '{}') THEN item
          WHEN audit_is_secret(key) OR (names_secret AND key ~* 'values?$') THEN '"[masked]"'
          ELSE audit_masked(item) END), '{}')
        FROM jsonb_each(value) AS field (key, item));
    ELSE RETURN value;
  END CASE;
END $$;

CREATE OR REPLACE FUNCTION audit_shown(name text, value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  body text := value::text;
  is_large boolean := length(body) > 16384;
BEGIN
  -- Most fields hold nothing that could be a secret: one look tells.
  IF NOT is_large AND name || ' ' || body !~* ('pass|pwd|secret|authoriz|cookie|credential|assertion|verifier|key|code|pin|otp|sig=|parameters|token|eyj|basic|bearer|@|v[12]:') THEN RETURN value; END IF;
  IF jsonb_typeof(value) IN ('boolean', 'null') OR value IN ('""', '[]', '{}') THEN RETURN value; END IF;
  IF audit_is_secret(name) THEN RETURN '"[masked]"'; END IF;
  RETURN CASE WHEN is_large THEN audit_digest(convert_to(body, 'UTF8')) ELSE audit_masked(value) END;
END $$;
