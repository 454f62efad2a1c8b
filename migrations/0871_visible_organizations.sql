-- The portal's list asks this of every API: beside the large details it costs nothing.
ALTER TABLE apis
  ADD COLUMN visible_organizations jsonb NOT NULL GENERATED ALWAYS AS (coalesce(details -> 'visibleOrganizations', '[]'::jsonb)) STORED;
