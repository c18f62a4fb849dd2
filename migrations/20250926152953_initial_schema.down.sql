-- Takes the first schema back. A table takes its indexes, triggers and comments along.
-- No IF EXISTS: in a transaction a missing object must stop the undo, or a wrong search_path would pass for success.

DROP TABLE assignment_details;
DROP TABLE assignments;
DROP TABLE assignment_targets;
DROP TABLE participants;
DROP TABLE domain_members;
DROP TABLE domains;
DROP TABLE user_sessions;
DROP TABLE users;

DROP FUNCTION update_updated_at_column();

-- The extension goes only if the up script created it; its comment says so.
DO $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM pg_catalog.pg_extension e
        WHERE e.extname = 'uuid-ossp'
          AND pg_catalog.obj_description(e.oid, 'pg_extension') LIKE '%; created by migration 20250926152953'
    ) THEN
        DROP EXTENSION "uuid-ossp";
    END IF;
END
$$;
