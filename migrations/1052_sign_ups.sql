-- A sign-up that waits for its approval goes with its user.
ALTER TABLE workflows ADD COLUMN user_id uuid REFERENCES users (id) ON DELETE CASCADE;
CREATE INDEX workflows_user ON workflows (user_id) WHERE user_id IS NOT NULL;
