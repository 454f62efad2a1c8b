-- What people think of an API: one rating of each user. Nobody's rating goes when its user does, as with comments.
CREATE TABLE api_ratings (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  api_id uuid NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
  user_id uuid NOT NULL,
  rated_by text NOT NULL,
  rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
  rated_at timestamptz(3) NOT NULL,
  -- Averages of a page of APIs are read from this index alone.
  CONSTRAINT api_ratings_user UNIQUE (api_id, user_id) INCLUDE (organization, rating)
);
CREATE INDEX api_ratings_newest ON api_ratings (api_id, rated_at DESC, id);
-- Deleting an API would read all comments there are.
CREATE INDEX api_comments_of_api ON api_comments (api_id);
