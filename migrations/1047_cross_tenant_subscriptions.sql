-- The tenant of the API, which may be another than the application's. An older server that still runs does not name it: for it both are one.
ALTER TABLE subscriptions ADD COLUMN api_organization text;
CREATE FUNCTION subscription_api_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.api_organization := coalesce(NEW.api_organization, NEW.organization);
  RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_api_organization BEFORE INSERT ON subscriptions FOR EACH ROW EXECUTE FUNCTION subscription_api_organization();
UPDATE subscriptions SET api_organization = organization;
ALTER TABLE subscriptions ALTER COLUMN api_organization SET NOT NULL;
CREATE INDEX subscriptions_of_api ON subscriptions (api_organization, api_id);

-- The tenant in whose portal the keys were made: the one of the key manager, unless that is every tenant's.
ALTER TABLE application_keys ADD COLUMN key_manager_organization text;
CREATE FUNCTION application_key_manager_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.key_manager_organization := coalesce(NEW.key_manager_organization, NEW.organization);
  RETURN NEW;
END $$;
CREATE TRIGGER application_keys_key_manager_organization BEFORE INSERT ON application_keys FOR EACH ROW
  EXECUTE FUNCTION application_key_manager_organization();
UPDATE application_keys SET key_manager_organization = organization;
ALTER TABLE application_keys ALTER COLUMN key_manager_organization SET NOT NULL;
-- Key managers of two tenants may have one name. The names of the constraints stay: servers of either version know them.
ALTER TABLE application_keys DROP CONSTRAINT application_keys_type;
ALTER TABLE application_keys ADD CONSTRAINT application_keys_type UNIQUE (application_id, key_type, key_manager_organization, key_manager);
DROP INDEX application_keys_client;
CREATE UNIQUE INDEX application_keys_client ON application_keys (key_manager_organization, key_manager, consumer_key)
  WHERE consumer_key IS NOT NULL;

-- Who is sent the events of a topic. `organization` is the API's tenant; a subscription without an end has no `expires_at`.
CREATE TABLE webhook_subscriptions (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  application_id uuid NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
  topic text NOT NULL,
  callback_url text NOT NULL,
  expires_at timestamptz,
  -- The last delivery; null before the first.
  delivered_at timestamptz,
  is_delivered boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- An address and a topic may be long: their hash is what an index can hold.
CREATE UNIQUE INDEX webhook_subscriptions_target
  ON webhook_subscriptions (application_id, api_id, md5(topic), md5(callback_url));
CREATE INDEX webhook_subscriptions_api ON webhook_subscriptions (api_id);
