-- Which plan a subscription was under, and when: requests are billed under the plan of their time, also when it has changed or the subscription has ended since.
-- Usage is kept by whole minutes, and so are these: of the periods of an application and an API no two share one.
CREATE TABLE subscription_periods (
  subscription_id uuid NOT NULL,
  -- Of the API.
  organization text NOT NULL REFERENCES tenants ON DELETE CASCADE,
  api_id uuid NOT NULL,
  application_id uuid NOT NULL,
  plan text NOT NULL,
  began_at timestamptz NOT NULL,
  -- Null while it lasts.
  ended_at timestamptz,
  PRIMARY KEY (subscription_id, began_at)
);
CREATE INDEX subscription_periods_use ON subscription_periods (organization, api_id, application_id);

-- What was before is not known: as if every subscription had always been under its plan.
INSERT INTO subscription_periods (subscription_id, organization, api_id, application_id, plan, began_at)
SELECT id, api_organization, api_id, application_id, policy, '-infinity' FROM subscriptions;

CREATE FUNCTION subscription_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  this_minute constant timestamptz := date_trunc('minute', now());
BEGIN
  IF TG_OP = 'DELETE' THEN
    -- The minute in which it ends is still its own.
    UPDATE subscription_periods SET ended_at = greatest(began_at, this_minute + interval '1 minute') WHERE subscription_id = OLD.id AND ended_at IS NULL;
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    -- The minute in which the plan changes is the new plan's.
    DELETE FROM subscription_periods WHERE subscription_id = OLD.id AND ended_at IS NULL AND began_at >= this_minute;
    UPDATE subscription_periods SET ended_at = this_minute WHERE subscription_id = OLD.id AND ended_at IS NULL;
  END IF;
  INSERT INTO subscription_periods (subscription_id, organization, api_id, application_id, plan, began_at)
  SELECT NEW.id, NEW.api_organization, NEW.api_id, NEW.application_id, NEW.policy, greatest(this_minute, max(ended_at))
  FROM subscription_periods WHERE organization = NEW.api_organization AND api_id = NEW.api_id AND application_id = NEW.application_id;
  RETURN NULL;
END $$;
CREATE TRIGGER subscription_period AFTER INSERT OR DELETE ON subscriptions FOR EACH ROW EXECUTE FUNCTION subscription_period();
CREATE TRIGGER subscription_period_of_plan AFTER UPDATE ON subscriptions FOR EACH ROW
  WHEN (OLD.policy IS DISTINCT FROM NEW.policy) EXECUTE FUNCTION subscription_period();

-- What was reported is counted by subscription and plan as well.
ALTER TABLE published_usage ADD COLUMN subscription_id uuid, ADD COLUMN plan text;
UPDATE published_usage AS told SET subscription_id = one.id, plan = one.policy FROM subscriptions AS one
WHERE one.api_organization = told.organization AND one.api_id = told.api_id AND one.application_id = told.application_id;
-- Of subscriptions that had ended before nothing is reported any more.
DELETE FROM published_usage WHERE subscription_id IS NULL;
ALTER TABLE published_usage DROP CONSTRAINT published_usage_pkey, DROP COLUMN api_id, DROP COLUMN application_id, ADD PRIMARY KEY (organization, day, subscription_id, plan);
