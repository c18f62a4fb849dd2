-- Drops the column {{column}} of {{table}} with all its values.

ALTER TABLE {{table}} DROP COLUMN {{column}};
