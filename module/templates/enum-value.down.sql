-- Takes the value {{value:text}} out of {{type}}. PostgreSQL cannot drop a value, so the type is made anew without it and every
-- column of the type moves over, which rewrites their tables under an exclusive lock.
--
-- It fails, and changes nothing, while a row still holds the value, and where more than columns and their defaults depends on the
-- type: a view, a function, an array, a check or an index condition that names a value. Take those away before the block and put them
-- back after it. Privileges granted on the type have to be granted again.

DO $$
DECLARE
    enum_type CONSTANT oid := '{{type}}'::regtype;
    qualified_name text;
    owner_name name;
    remark CONSTANT text := pg_catalog.obj_description(enum_type, 'pg_type');
    labels text;
    moves text[];
    move text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_enum WHERE enumtypid = enum_type AND enumlabel = {{value:text}}) THEN
        RAISE EXCEPTION 'The type % has no value %', enum_type::regtype, quote_literal({{value:text}});
    END IF;

    SELECT format('%I.%I', n.nspname, t.typname), pg_catalog.pg_get_userbyid(t.typowner)
    INTO qualified_name, owner_name
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE t.oid = enum_type;

    SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
    INTO labels
    FROM pg_catalog.pg_enum
    WHERE enumtypid = enum_type AND enumlabel <> {{value:text}};

    -- Written down before the old type gets another name, because the defaults are spelt with it. Partitions follow their parents.
    SELECT array_agg(format('ALTER TABLE %s ', a.attrelid::regclass) || concat_ws(', ',
        CASE WHEN d.oid IS NOT NULL THEN format('ALTER COLUMN %I DROP DEFAULT', a.attname) END,
        format('ALTER COLUMN %I TYPE %s USING %1$I::text::%2$s', a.attname, qualified_name),
        CASE WHEN d.oid IS NOT NULL THEN
            format('ALTER COLUMN %I SET DEFAULT %s', a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid)) END))
    INTO moves
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.atttypid = enum_type AND NOT a.attisdropped AND a.attinhcount = 0;

    EXECUTE format('ALTER TYPE %s RENAME TO "type without a value"', qualified_name);
    EXECUTE format('CREATE TYPE %s AS ENUM (%s)', qualified_name, labels);
    EXECUTE format('ALTER TYPE %s OWNER TO %I', qualified_name, owner_name);
    IF remark IS NOT NULL THEN
        EXECUTE format('COMMENT ON TYPE %s IS %L', qualified_name, remark);
    END IF;

    FOREACH move IN ARRAY coalesce(moves, '{}') LOOP
        EXECUTE move;
    END LOOP;

    EXECUTE format('DROP TYPE %s', enum_type::regtype);
END
$$;
