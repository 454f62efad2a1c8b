-- Whom to write to when bots are detected; an address once in each tenant, whatever its letter case.
CREATE TABLE bot_alert_subscriptions (
  id uuid PRIMARY KEY,
  organization text NOT NULL REFERENCES tenants,
  email text NOT NULL
);
CREATE UNIQUE INDEX bot_alert_subscriptions_email ON bot_alert_subscriptions (organization, lower(email));
