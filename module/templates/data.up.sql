-- no-transaction
-- Fills {{column=description}} of {{table=example_table}} in batches that commit one by one, so that no row stays locked for long.
--
-- The block walks along the key {{key=id}}, which must be unique and indexed, and passes every row once: it ends whatever the value turns
-- out to be, at once when there is nothing to do, and goes on where it stopped when it is run again. Keep the condition such that it
-- no longer holds for a row that was filled.
-- COMMIT needs a file that runs outside a transaction and holds nothing but this block.

DO $$
<<backfill>>
DECLARE
    batch_size CONSTANT integer := {{batch_size:sql=1000}};
    first_key {{table}}.{{key}}%TYPE;
    last_key {{table}}.{{key}}%TYPE;
    batch bigint;
    filled bigint := 0;
    remaining bigint;
BEGIN
    SELECT t.{{key}} INTO backfill.first_key
    FROM {{table}} t
    WHERE {{condition:sql=t.description IS NULL}}
    ORDER BY t.{{key}}
    LIMIT 1;

    WHILE backfill.first_key IS NOT NULL LOOP
        SELECT max_key.{{key}} INTO backfill.last_key
        FROM (
            SELECT t.{{key}}
            FROM {{table}} t
            WHERE t.{{key}} >= backfill.first_key AND ({{condition:sql}})
            ORDER BY t.{{key}}
            LIMIT backfill.batch_size
        ) max_key
        ORDER BY max_key.{{key}} DESC
        LIMIT 1;
        -- Others have filled what was left.
        EXIT WHEN backfill.last_key IS NULL;

        UPDATE {{table}} t
        SET {{column}} = {{value:sql=t.name}}
        WHERE t.{{key}} BETWEEN backfill.first_key AND backfill.last_key AND ({{condition:sql}});
        GET DIAGNOSTICS batch = ROW_COUNT;
        filled := filled + batch;
        RAISE NOTICE '% rows filled', filled;
        COMMIT;

        SELECT t.{{key}} INTO backfill.first_key
        FROM {{table}} t
        WHERE t.{{key}} > backfill.last_key AND ({{condition:sql}})
        ORDER BY t.{{key}}
        LIMIT 1;
    END LOOP;

    -- Validation: what was filled stays filled, and running again fills the rest.
    SELECT count(*) INTO backfill.remaining
    FROM {{table}} t
    WHERE {{condition:sql}};
    IF remaining > 0 THEN
        RAISE EXCEPTION 'Data migration incomplete: % rows are not filled', remaining
            USING HINT = 'The value left them as they were, or they were written meanwhile. Fix the cause and run the migration again.';
    END IF;
END
$$;
