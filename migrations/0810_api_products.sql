-- The resources of a product, each an operation of a member API, in the product's order. What a product offers cannot be taken from under it:
-- a member that is used is never deleted.
CREATE TABLE api_product_resources (
  product_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  position int NOT NULL,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id),
  target text NOT NULL,
  verb text NOT NULL,
  PRIMARY KEY (product_id, position)
);
-- Who uses a resource of an API.
CREATE INDEX api_product_resources_api ON api_product_resources (api_id, product_id);

-- Of a product: where each of its members led when it was deployed, in the order of its members.
ALTER TABLE api_deployments ADD COLUMN backends jsonb;
