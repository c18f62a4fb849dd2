-- Adds the column {{column=note}} to {{table=example_table}} without touching the rows that are there.
--
-- Safe: a column that may be NULL, and one with a constant default, such as "VARCHAR(20) NOT NULL DEFAULT 'active'".
-- Not safe: a default that differs from row to row, such as random() or a sequence, rewrites the table under an exclusive lock;
-- NOT NULL without a default fails as soon as there is a row. For these: add the column like this, fill it with the template
-- 'data', then make it required with the template 'not-null'.

ALTER TABLE {{table}} ADD COLUMN {{column}} {{type:sql=TEXT}};

COMMENT ON COLUMN {{table}}.{{column}} IS {{comment:text=What the column holds}};
