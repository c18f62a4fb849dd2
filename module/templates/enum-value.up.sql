-- Adds the value {{value:text=archived}} to the enumeration {{type=example_status}}.
--
-- The value comes last; write BEFORE 'x' or AFTER 'x' behind it for another place. It cannot be used before this migration has
-- committed, so rows that take it belong into a later migration.
-- No IF NOT EXISTS: a value that is there already would otherwise be lost when this is undone.

ALTER TYPE {{type}} ADD VALUE {{value:text}};
