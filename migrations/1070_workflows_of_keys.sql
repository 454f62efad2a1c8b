-- A registration of keys that waits for its approval goes with the keys.
ALTER TABLE workflows ADD COLUMN key_mapping_id uuid REFERENCES application_keys (id) ON DELETE CASCADE;
CREATE INDEX workflows_key_mapping ON workflows (key_mapping_id) WHERE key_mapping_id IS NOT NULL;
