-- no-transaction
-- Drops the index, or what an interrupted build left of it. One statement, as in the up script; IF EXISTS, because nothing is
-- rolled back here and the script must be able to run again.
DROP INDEX CONCURRENTLY IF EXISTS {{table:schema}}idx_{{table}}_{{columns:names}};
