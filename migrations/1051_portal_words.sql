-- Words that only publishers may find a text by: of an API those of custom properties that are not displayed, of a definition those of the settings and backend
-- addresses that the portal leaves out of it. Among the words of a text they stand with a mark, `!`, which is part of no word: the portal searches as if they
-- were not there.

CREATE FUNCTION without_publisher_keys(part jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(part)
          WHERE key NOT LIKE 'x-wso2-%' AND key NOT IN ('servers', 'host', 'basePath', 'schemes', 'x-throttling-tier', 'x-mediation-script'));

CREATE FUNCTION path_in_portal(item jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(jsonb_object_agg(key, CASE jsonb_typeof(value) WHEN 'object' THEN without_publisher_keys(value) ELSE value END), '{}')
          FROM jsonb_each(without_publisher_keys(item)));

-- The words of a definition as subscribers see it. One that is no JSON is shown as it is; of one that looks like JSON and cannot be read nothing is found.
CREATE FUNCTION definition_in_portal(definition text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  document jsonb;
BEGIN
  IF definition !~ '^\s*\{' THEN RETURN definition; END IF;
  document := without_publisher_keys(definition::jsonb);
  IF jsonb_typeof(document -> 'paths') <> 'object' THEN RETURN document::text; END IF;
  RETURN ((document - 'paths') || jsonb_build_object('paths', (
    SELECT coalesce(jsonb_object_agg(key, CASE jsonb_typeof(value) WHEN 'object' THEN path_in_portal(value) ELSE value END), '{}')
    FROM jsonb_each(document -> 'paths'))))::text;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN '';
END $$;

-- As text_to_search gives it, without what portals do not show; null where that is nothing.
CREATE FUNCTION portal_text_to_search(sought_kind text, sought_id uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE sought_kind
    WHEN 'API' THEN (
      SELECT api_search_text(name, version, context, provider, tags, categories, jsonb_set(details, '{additionalProperties}',
        (SELECT coalesce(jsonb_agg(property), '[]') FROM jsonb_array_elements(details -> 'additionalProperties') AS property
         WHERE property -> 'display' = 'true'::jsonb)))
      FROM apis WHERE id = sought_id)
    WHEN 'DEFINITION' THEN (SELECT definition_in_portal(text) FROM api_definitions WHERE api_id = sought_id)
  END;
$$;

-- The words with a mark on those that are not in what portals show. There may be many: the caller forbids hash joins for the sake of search_words.
CREATE FUNCTION marked_words(all_words text[], portal_text text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE SET enable_hashjoin = on AS $$
  SELECT CASE WHEN portal_text IS NULL THEN all_words ELSE (
    SELECT coalesce(array_agg(CASE WHEN shown.word IS NULL THEN '!' || every.word ELSE every.word END), '{}')
    FROM unnest(all_words) AS every (word) LEFT JOIN unnest(words_of(search_text(portal_text))) AS shown (word) ON shown.word = every.word) END;
$$;

-- As before, with the marks, in search_words too.
CREATE OR REPLACE FUNCTION put_search_text(new_kind text, new_id uuid, new_organization text, new_api_id uuid, name text) RETURNS void LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  new_text text := coalesce(search_text(text_to_search(new_kind, new_id)), '');
  new_words text[] := marked_words(words_of(new_text), portal_text_to_search(new_kind, new_id));
BEGIN
  INSERT INTO search_texts (kind, id, organization, api_id, sought_name, sought_text, words)
  VALUES (new_kind, new_id, new_organization, new_api_id, search_lower(name), new_text, new_words)
  ON CONFLICT (kind, id) DO UPDATE SET sought_name = excluded.sought_name, sought_text = excluded.sought_text, words = excluded.words;
  INSERT INTO search_words (organization, word)
  SELECT new_organization, written.word FROM unnest(new_words) AS written (word)
  WHERE NOT EXISTS (SELECT 1 FROM search_words AS known WHERE known.organization = new_organization AND known.word = written.word);
END $$;

-- What is there already.
UPDATE search_texts SET words = marked_words(words, portal_text_to_search(kind, id)) WHERE kind IN ('API', 'DEFINITION');
INSERT INTO search_words (organization, word)
SELECT DISTINCT organization, word FROM search_texts, unnest(words) AS word WHERE kind IN ('API', 'DEFINITION') AND word LIKE '!%';
