-- Gives {{column}} of {{table}} its old type back, with everything that was written since, and the trigger that fills the new column.

DROP TRIGGER fill_{{table}}_{{column}}_old ON {{table}};
DROP FUNCTION {{table:schema}}fill_{{table}}_{{column}}_old();

ALTER TABLE {{table}} RENAME COLUMN {{column}} TO {{column}}_new;
ALTER TABLE {{table}} RENAME COLUMN {{column}}_old TO {{column}};

CREATE FUNCTION {{table:schema}}fill_{{table}}_{{column}}_new() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.{{column}}_new = CAST(NEW.{{column}} AS {{type:sql}});
    RETURN NEW;
END
$$;

CREATE TRIGGER fill_{{table}}_{{column}}_new
    BEFORE INSERT OR UPDATE ON {{table}}
    FOR EACH ROW EXECUTE FUNCTION {{table:schema}}fill_{{table}}_{{column}}_new();
