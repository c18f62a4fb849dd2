-- no-transaction
-- Builds an index on {{columns:names=created_at}} of {{table=example_table}} while the application goes on writing.
--
-- CONCURRENTLY is refused inside a transaction. sqlx sends this file as one message, which is one transaction as soon as it holds
-- two statements: keep it to this one.
-- A build that fails or is cancelled leaves an INVALID index of this name behind, which slows down writes, serves no query and
-- which IF NOT EXISTS would take for the real one. Before trying again run the down script, which drops it:
--     SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;
-- For a part of the rows only add WHERE ..., for distinct values make it UNIQUE.
CREATE INDEX CONCURRENTLY idx_{{table}}_{{columns:names}} ON {{table}} USING {{method=btree}} ({{columns:names}});
