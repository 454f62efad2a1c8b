-- What a policy's definition is written in: a Synapse template, or JavaScript.
ALTER TABLE operation_policies ADD COLUMN language text NOT NULL DEFAULT 'sequence' CHECK (language IN ('sequence', 'javascript'));
