-- New versions of an API and its revisions have their translations under the same ids.
ALTER TABLE api_resource_policies DROP CONSTRAINT api_resource_policies_pkey, ADD PRIMARY KEY (api_id, id);
