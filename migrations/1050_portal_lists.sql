-- What the developer portal's lists ask of every API, kept so that one index answers it: who an API is for as one value, and its state.

-- The roles of a restricted API in lower case, each once; an API that is not restricted has none that count.
CREATE FUNCTION audience_roles(visibility text, roles text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(DISTINCT search_lower(role)), '{}') FROM unnest(roles) AS role WHERE visibility = 'RESTRICTED');

-- APIs with the same visibility, roles and consumer organizations have one audience. The value stands in an index, where the roles themselves could be too long.
CREATE FUNCTION audience_of(visibility text, roles text[], organizations jsonb) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN encode(substring(sha256(convert_to(jsonb_build_array(visibility, to_jsonb(audience_roles(visibility, roles)), organizations)::text, 'UTF8'))
    FROM 1 FOR 16), 'hex')::uuid;

ALTER TABLE apis
  ADD COLUMN audience uuid NOT NULL GENERATED ALWAYS AS
    (audience_of(visibility, visible_roles, coalesce(details -> 'visibleOrganizations', '[]'::jsonb))) STORED,
  -- As callers write it, with the tenant in front.
  ADD COLUMN sought_context text NOT NULL GENERATED ALWAYS AS
    (search_lower(CASE WHEN organization = 'carbon.super' THEN context ELSE '/t/' || organization || context END)) STORED,
  ADD COLUMN sought_template text NOT NULL GENERATED ALWAYS AS (search_lower(context_template)) STORED;

-- Every audience a tenant ever had: few, so that who sees what is decided once for each and not for each API. One that no API has any more does no harm, nor does
-- one that stands here twice: writers that meet a new one at the same time both add it, and nobody waits.
CREATE TABLE api_audiences (
  organization text NOT NULL,
  id uuid NOT NULL,
  visibility text NOT NULL,
  roles text[] NOT NULL,
  organizations jsonb NOT NULL
);
CREATE INDEX api_audiences_id ON api_audiences (organization, id);

CREATE FUNCTION put_api_audience() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO api_audiences (organization, id, visibility, roles, organizations)
  SELECT NEW.organization, NEW.audience, NEW.visibility, audience_roles(NEW.visibility, NEW.visible_roles), NEW.visible_organizations
  WHERE NOT EXISTS (SELECT 1 FROM api_audiences AS known WHERE known.organization = NEW.organization AND known.id = NEW.audience);
  RETURN NULL;
END $$;
CREATE TRIGGER apis_audience_of_new AFTER INSERT ON apis FOR EACH ROW EXECUTE FUNCTION put_api_audience();
CREATE TRIGGER apis_audience AFTER UPDATE ON apis FOR EACH ROW WHEN (OLD.audience <> NEW.audience) EXECUTE FUNCTION put_api_audience();

INSERT INTO api_audiences (organization, id, visibility, roles, organizations)
SELECT DISTINCT organization, audience, visibility, audience_roles(visibility, visible_roles), visible_organizations FROM apis;

-- Counts a list without a look at the APIs themselves: small, so that counting thousands takes a millisecond.
CREATE INDEX apis_audience ON apis (organization, audience, status);

-- The same for a page of a list in its default order, and for names.
DROP INDEX apis_sought_name;
CREATE INDEX apis_sought_name ON apis (organization, sought_name, version COLLATE api_version_order, id) INCLUDE (status, audience, type);

-- Every tag a tenant ever used, in lower case: a part of a tag is looked up here, and the APIs then in the index of their tags.
CREATE TABLE search_tags (
  organization text NOT NULL,
  tag text NOT NULL
);
CREATE INDEX search_tags_tag ON search_tags (organization, tag);
CREATE INDEX apis_sought_tags ON apis USING gin (sought_tags) WITH (fastupdate = off);

CREATE FUNCTION put_api_search_tags() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO search_tags (organization, tag)
  SELECT DISTINCT NEW.organization, written.tag FROM unnest(NEW.sought_tags) AS written (tag)
  WHERE NOT EXISTS (SELECT 1 FROM search_tags AS known WHERE known.organization = NEW.organization AND known.tag = written.tag);
  RETURN NULL;
END $$;
CREATE TRIGGER apis_search_tags AFTER INSERT OR UPDATE OF tags ON apis FOR EACH ROW EXECUTE FUNCTION put_api_search_tags();

INSERT INTO search_tags (organization, tag) SELECT DISTINCT organization, tag FROM apis, unnest(sought_tags) AS tag;
