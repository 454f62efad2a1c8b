-- What must not reach the gateway. `value` is as the wire shows it, its properties in their order; `subject` means the same in one spelling, so that nothing is denied twice.
CREATE TABLE deny_policies (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  type text NOT NULL CHECK (type IN ('API', 'APPLICATION', 'IP', 'IPRANGE', 'USER')),
  value json NOT NULL,
  subject text NOT NULL,
  active boolean NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT deny_policies_subject UNIQUE (organization, type, subject)
);
