-- Lets {{column=name}} of {{table=example_table}} take its new type, {{type:sql=TEXT}}, prepared by the template 'column-type' (contract).
--
-- The old column, of type {{old_type:sql=VARCHAR(200)}}, stays as {{column}}_old and is kept up to date, so that this can be undone without
-- loss. It must allow NULL or have a default. Indexes, constraints, defaults and NOT NULL stay with the column they were made for:
-- make them for {{column}}_new before this migration. Drop {{column}}_old, the trigger and its function once nothing needs them.

-- Fails before anything is changed when the rows were not filled.
DO $$
BEGIN
    IF EXISTS (SELECT FROM {{table}} t WHERE t.{{column}} IS NOT NULL AND t.{{column}}_new IS NULL) THEN
        RAISE EXCEPTION 'There are rows whose new column is not filled yet';
    END IF;
END
$$;

DROP TRIGGER fill_{{table}}_{{column}}_new ON {{table}};
DROP FUNCTION {{table:schema}}fill_{{table}}_{{column}}_new();

ALTER TABLE {{table}} RENAME COLUMN {{column}} TO {{column}}_old;
ALTER TABLE {{table}} RENAME COLUMN {{column}}_new TO {{column}};

CREATE FUNCTION {{table:schema}}fill_{{table}}_{{column}}_old() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.{{column}}_old = CAST(NEW.{{column}} AS {{old_type:sql}});
    RETURN NEW;
END
$$;

CREATE TRIGGER fill_{{table}}_{{column}}_old
    BEFORE INSERT OR UPDATE ON {{table}}
    FOR EACH ROW EXECUTE FUNCTION {{table:schema}}fill_{{table}}_{{column}}_old();
