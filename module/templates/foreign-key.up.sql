-- no-transaction
-- Lets {{column=parent_id}} of {{table=example_table}} refer to {{references=example_table}} without stopping writers of either table.
--
-- NOT VALID checks new rows only and takes a moment; VALIDATE then reads the rows that are there while others write. Each statement
-- commits by itself, or the first lock would be held through the scan. sqlx sends the file as one message and so as one
-- transaction: correct there as well, but locked for as long as the scan takes.
-- Index the column first, with the template 'index', or every delete of a referenced row reads this whole table.
-- If a row refers to nothing VALIDATE fails, and the key stays to keep new ones out; fix the row and run the migration again:
--     SELECT * FROM the_table t WHERE NOT EXISTS (SELECT FROM the_referenced r WHERE r.key = t.the_column);

ALTER TABLE {{table}} DROP CONSTRAINT IF EXISTS {{table}}_{{column}}_fkey;
ALTER TABLE {{table}} ADD CONSTRAINT {{table}}_{{column}}_fkey
    FOREIGN KEY ({{column}}) REFERENCES {{references}} ({{key=id}}) ON DELETE {{on_delete:sql=NO ACTION}} NOT VALID;
ALTER TABLE {{table}} VALIDATE CONSTRAINT {{table}}_{{column}}_fkey;
