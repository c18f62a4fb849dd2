-- no-transaction
-- Makes {{column=description}} of {{table=example_table}} required without scanning the table under an exclusive lock.
--
-- SET NOT NULL alone reads the whole table while nobody else may. A check that is added NOT VALID concerns new rows only and takes
-- a moment; VALIDATE reads the table while others write; SET NOT NULL then takes the check as proof.
-- Each statement commits by itself, or the first lock would be held through the scan. sqlx sends the file as one message and so
-- as one transaction: correct there as well, but locked for as long as the scan takes.
-- Fill rows that are NULL first, with the template 'data'. If one is left VALIDATE fails, and the check stays to keep new ones out;
-- fill them and run the migration again.

ALTER TABLE {{table}} DROP CONSTRAINT IF EXISTS {{table}}_{{column}}_is_given;
ALTER TABLE {{table}} ADD CONSTRAINT {{table}}_{{column}}_is_given CHECK ({{column}} IS NOT NULL) NOT VALID;
ALTER TABLE {{table}} VALIDATE CONSTRAINT {{table}}_{{column}}_is_given;
ALTER TABLE {{table}} ALTER COLUMN {{column}} SET NOT NULL;
ALTER TABLE {{table}} DROP CONSTRAINT {{table}}_{{column}}_is_given;
