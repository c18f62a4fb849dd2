-- no-transaction
-- IF EXISTS, because nothing rolls back here and the script must be able to run again.
DROP INDEX CONCURRENTLY IF EXISTS idx_participants_email;
