-- Outside systems are told too that a request needs no decision of theirs any more: it was taken back, went with what it was about, or was decided here.
-- The message outlives the request.
ALTER TABLE workflow_calls DROP CONSTRAINT workflow_calls_workflow_id_fkey;
ALTER TABLE workflow_calls ADD COLUMN organization text REFERENCES tenants, ADD COLUMN type text,
  -- What the outside system is told: `CREATED` for a request, else how it ended.
  ADD COLUMN status text NOT NULL DEFAULT 'CREATED' CHECK (status IN ('CREATED', 'APPROVED', 'REJECTED', 'CANCELLED'));
UPDATE workflow_calls SET organization = w.organization, type = w.type FROM workflows w WHERE w.id = workflow_id;
ALTER TABLE workflow_calls ALTER COLUMN organization SET NOT NULL, ALTER COLUMN type SET NOT NULL;
CREATE INDEX workflow_calls_organization ON workflow_calls (organization, due_at);

-- An older server that still runs names the request alone.
CREATE FUNCTION workflow_call_of_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT organization, type INTO NEW.organization, NEW.type FROM workflows WHERE id = NEW.workflow_id;
  RETURN NEW;
END $$;
CREATE TRIGGER workflow_calls_of_request BEFORE INSERT ON workflow_calls FOR EACH ROW WHEN (NEW.organization IS NULL) EXECUTE FUNCTION workflow_call_of_request();

-- Whether an outside system was asked.
ALTER TABLE workflows ADD COLUMN is_outside boolean NOT NULL DEFAULT false;
UPDATE workflows SET is_outside = true WHERE id IN (SELECT workflow_id FROM workflow_calls);

-- Requests go in many ways, most of them with what they are about.
CREATE FUNCTION workflow_cancelled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO workflow_calls (workflow_id, organization, type, status) VALUES (OLD.id, OLD.organization, OLD.type, 'CANCELLED')
  ON CONFLICT (workflow_id) DO UPDATE SET status = excluded.status, attempts = 0, due_at = now();
  RETURN NULL;
END $$;
CREATE TRIGGER workflow_cancelled AFTER DELETE ON workflows FOR EACH ROW WHEN (OLD.status = 'CREATED' AND OLD.is_outside) EXECUTE FUNCTION workflow_cancelled();
