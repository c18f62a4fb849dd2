-- no-transaction
-- Finds a participant by address in every domain. CONCURRENTLY lets writers go on; it is refused inside a transaction, and sqlx
-- sends this file as one message, so it holds this one statement.
-- A build that was interrupted leaves an INVALID index of this name behind: run the down script before trying again.
CREATE INDEX CONCURRENTLY idx_participants_email ON participants (email);
