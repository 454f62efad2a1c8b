-- Everybody who ever used the developer portal as a consumer: who is not here yet is given a first application.
CREATE TABLE subscribers (
  organization text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization, name)
);

CREATE TABLE applications (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  -- Derived from the id; the wire and throttle keys show it.
  number int NOT NULL CHECK (number > 0),
  name text NOT NULL,
  owner text NOT NULL,
  status text NOT NULL,
  throttling_policy text NOT NULL,
  description text NOT NULL DEFAULT '',
  token_type text NOT NULL DEFAULT 'JWT',
  visibility text NOT NULL DEFAULT 'PRIVATE',
  groups text[] NOT NULL DEFAULT '{}',
  attributes jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT applications_owner_name UNIQUE (organization, owner, name),
  CONSTRAINT applications_number UNIQUE (organization, number)
);
