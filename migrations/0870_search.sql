-- What searches look at, kept beside what they must not read: `details` is large and stored out of line, and none of these needs it.
-- Everything here is computed by the database when a row is written, in the same transaction and whoever writes it.

-- In lower case whatever the locale of the database.
CREATE FUNCTION search_lower(sought text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower(sought COLLATE "und-x-icu");

-- Words stand between blanks: separators and the line breaks that JSON writes as escapes become one. An underscore is part of a word.
CREATE FUNCTION search_text(sought text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN search_lower(regexp_replace(replace(replace(replace(sought, '\n', ' '), '\r', ' '), '\t', ' '),
    '[\u0001-/:-@\[-^`{-\u007f\u00a0-\u00bf\u2000-\u206f\u3000-\u303f\uff00-\uff0f]+', ' ', 'g'));

-- The words of such a text, each once. Left out is what is longer than any word, as an index could not hold it, and what comes after the first
-- 50,000 different words, as writing them would keep other writers of the tenant waiting.
CREATE FUNCTION words_of(sought text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(word), '{}') FROM (
            SELECT word FROM unnest(string_to_array(sought, ' ')) WITH ORDINALITY AS written (word, place)
            WHERE word <> '' AND length(word) <= 100 GROUP BY word ORDER BY min(place) LIMIT 50000) AS kept);

CREATE FUNCTION search_lower_all(sought text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(search_lower(each)), '{}') FROM unnest(sought) AS each);

-- What is said about an API outside of its definition.
CREATE FUNCTION api_search_text(name text, version text, context text, provider text, tags text[], categories text[], details jsonb)
  RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN concat_ws(' ', name, version, context, provider, array_to_string(tags, ' '), array_to_string(categories, ' '),
    details ->> 'displayName', details ->> 'description', details ->> 'businessInformation',
    (SELECT string_agg(concat_ws(' ', property ->> 'name', property ->> 'value'), ' ')
     FROM jsonb_array_elements(details -> 'additionalProperties') AS property));

-- One text for each custom property: its name, whether it is displayed (y or n) and its value, the unit separator between them.
CREATE FUNCTION api_search_properties(details jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(search_lower(concat_ws(E'\u001f', property ->> 'name',
            CASE WHEN property -> 'display' = 'true'::jsonb THEN 'y' ELSE 'n' END, property ->> 'value'))), '{}')
          FROM jsonb_array_elements(details -> 'additionalProperties') AS property);

-- The text of a file: whatever is UTF-8 without NUL, whatever its media type claims; of HTML without its tags. Empty for binary formats.
CREATE FUNCTION document_search_text(media_type text, bytes bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  content text;
BEGIN
  -- The two formats that can be valid UTF-8 without being text.
  IF substring(bytes FROM 1 FOR 5) IN ('%PDF-'::bytea, '{\\rtf'::bytea) THEN RETURN ''; END IF;
  content := convert_from(bytes, 'UTF8');
  IF media_type ILIKE 'text/html%' THEN RETURN regexp_replace(content, '<[^>]*>', ' ', 'g'); END IF;
  RETURN content;
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
  RETURN '';
END $$;

-- With the large columns out of line a scan of all APIs reads a few hundred bytes of each.
ALTER TABLE apis SET (toast_tuple_target = 1024);
ALTER TABLE apis
  ADD COLUMN sought_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_lower(name)) STORED,
  ADD COLUMN sought_display_name text GENERATED ALWAYS AS (search_lower(details ->> 'displayName')) STORED,
  ADD COLUMN sought_description text GENERATED ALWAYS AS (search_lower(details ->> 'description')) STORED,
  ADD COLUMN sought_vendor text GENERATED ALWAYS AS (search_lower(details ->> 'gatewayVendor')) STORED,
  ADD COLUMN sought_advertised text GENERATED ALWAYS AS (details -> 'advertiseInfo' ->> 'advertised') STORED,
  ADD COLUMN sought_tags text[] NOT NULL GENERATED ALWAYS AS (search_lower_all(tags)) STORED,
  ADD COLUMN sought_properties text[] NOT NULL GENERATED ALWAYS AS (api_search_properties(details)) STORED;
-- Serves the default order of the lists: a page costs the same whatever the number of APIs.
CREATE INDEX apis_sought_name ON apis (organization, sought_name, version COLLATE api_version_order, id);

-- What a search over everything can find by its words: APIs, their definitions and their documents.
CREATE TABLE search_texts (
  kind text NOT NULL,
  -- Of the document, or else of the API.
  id uuid NOT NULL,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  sought_name text COLLATE "C" NOT NULL,
  -- As search_text gives it: read for words that must follow each other.
  sought_text text NOT NULL,
  words text[] NOT NULL,
  PRIMARY KEY (kind, id)
);
ALTER TABLE search_texts SET (toast_tuple_target = 256);
CREATE INDEX search_texts_api ON search_texts (api_id);
-- Without a pending list: a search never has to read through what was written last.
CREATE INDEX search_texts_words ON search_texts USING gin (words) WITH (fastupdate = off);

-- Every word a tenant ever used: where a search has a wildcard inside a word, it is looked up here first. Writers that meet a new word at the same time
-- both add it, which does no harm and makes nobody wait.
CREATE TABLE search_words (
  organization text NOT NULL,
  word text NOT NULL
);
CREATE INDEX search_words_word ON search_words (organization, word);

-- The text that a row of search_texts is made from.
CREATE FUNCTION text_to_search(sought_kind text, sought_id uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE sought_kind
    WHEN 'API' THEN (SELECT api_search_text(name, version, context, provider, tags, categories, details) FROM apis WHERE id = sought_id)
    WHEN 'DEFINITION' THEN (SELECT text FROM api_definitions WHERE api_id = sought_id)
    WHEN 'DOC' THEN (
      SELECT concat_ws(' ', name, summary, inline_content, document_search_text(media_type, bytes))
      FROM api_documents LEFT JOIN api_document_contents ON document_id = id WHERE id = sought_id)
  END;
$$;

-- Words are looked up one by one in the index: a plan made while search_words was small would read all of it for every text.
CREATE FUNCTION put_search_text(new_kind text, new_id uuid, new_organization text, new_api_id uuid, name text) RETURNS void LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  new_text text := coalesce(search_text(text_to_search(new_kind, new_id)), '');
  new_words text[] := words_of(new_text);
BEGIN
  INSERT INTO search_texts (kind, id, organization, api_id, sought_name, sought_text, words)
  VALUES (new_kind, new_id, new_organization, new_api_id, search_lower(name), new_text, new_words)
  ON CONFLICT (kind, id) DO UPDATE SET sought_name = excluded.sought_name, sought_text = excluded.sought_text, words = excluded.words;
  INSERT INTO search_words (organization, word)
  SELECT new_organization, written.word FROM unnest(new_words) AS written (word)
  WHERE NOT EXISTS (SELECT 1 FROM search_words AS known WHERE known.organization = new_organization AND known.word = written.word);
END $$;

CREATE FUNCTION put_api_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM put_search_text('API', NEW.id, NEW.organization, NEW.id, NEW.name);
  RETURN NULL;
END $$;
CREATE TRIGGER apis_search AFTER INSERT OR UPDATE OF name, version, context, provider, tags, categories, details ON apis
  FOR EACH ROW EXECUTE FUNCTION put_api_search_text();

CREATE FUNCTION put_definition_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_texts WHERE kind = 'DEFINITION' AND id = OLD.api_id;
  ELSE
    PERFORM put_search_text('DEFINITION', NEW.api_id, NEW.organization, NEW.api_id, (SELECT name FROM apis WHERE id = NEW.api_id));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER api_definitions_search AFTER INSERT OR UPDATE OF text OR DELETE ON api_definitions
  FOR EACH ROW EXECUTE FUNCTION put_definition_search_text();

CREATE FUNCTION put_document_search_text(document uuid) RETURNS void LANGUAGE sql AS $$
  SELECT put_search_text('DOC', id, organization, api_id, name) FROM api_documents WHERE id = document;
$$;

CREATE FUNCTION put_document_metadata_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_texts WHERE kind = 'DOC' AND id = OLD.id;
  ELSE
    PERFORM put_document_search_text(NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER api_documents_search AFTER INSERT OR UPDATE OF name, summary, inline_content OR DELETE ON api_documents
  FOR EACH ROW EXECUTE FUNCTION put_document_metadata_search_text();

CREATE FUNCTION put_document_content_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Nothing happens where the document went with its content.
  PERFORM put_document_search_text(CASE WHEN TG_OP = 'DELETE' THEN OLD.document_id ELSE NEW.document_id END);
  RETURN NULL;
END $$;
CREATE TRIGGER api_document_contents_search AFTER INSERT OR UPDATE OF media_type, bytes OR DELETE ON api_document_contents
  FOR EACH ROW EXECUTE FUNCTION put_document_content_search_text();

-- What is there already.
SELECT put_search_text('API', id, organization, id, name) FROM apis;
SELECT put_search_text('DEFINITION', id, apis.organization, id, name) FROM api_definitions JOIN apis ON id = api_id;
SELECT put_document_search_text(id) FROM api_documents;
