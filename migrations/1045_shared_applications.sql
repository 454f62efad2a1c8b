-- The external id of the consumer organization that an application is shared with: its owner's when it was shared. Empty: with none.
ALTER TABLE applications ADD COLUMN consumer_organization text NOT NULL DEFAULT '';

-- Look up what others share with a user.
CREATE INDEX applications_groups ON applications USING gin (groups);
CREATE INDEX applications_consumer_organization ON applications (organization, consumer_organization) WHERE visibility = 'SHARED_WITH_ORG';
